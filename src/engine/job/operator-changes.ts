import { fingerprints } from '../../plan/fingerprint.ts';
import { type Lineage, type LineageRules, lineages, meaningOf } from '../../plan/lineage.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Plan, PlannedNode } from '../../plan/plan.ts';
import type { Endpoints } from '../endpoints.ts';
import { patternVersion } from '../match/carry/pattern-version.ts';
import { whyFresh } from '../match/carry/why-fresh.ts';
import { dataBy } from './source-offsets.ts';

/** The effect on an operator's state when a job continues with another plan. */
export type OperatorChange =
  /** The operator has the same meaning and keeps its state unchanged. */
  | { readonly kind: 'same' }
  /** A pattern whose state can be carried over to the changed pattern. */
  | { readonly kind: 'pattern'; readonly before: MatchNode; readonly columnsBefore: Columns; readonly columns: Columns }
  | { readonly kind: 'fresh'; readonly reason: string }
  /** The plan before had no operator of this name. */
  | { readonly kind: 'new' };

/** The lineage (`Lineage`) of each column of a pattern's input. */
type Columns = readonly string[];

export type PatternReload = 'carry' | 'fresh' | 'refuse';

/** Returns the change of each operator by its position in the plan. */
export function operatorChanges(
  plan: Plan,
  before: Plan,
  reload: PatternReload,
  identity: Endpoints['identity'],
): readonly OperatorChange[] {
  const partners = partnersOf(plan, before);
  const old = sidesOf(before, new Map([...partners].map(([name, node]) => [node.name, name])), identity);
  const now = sidesOf(plan, new Map(), identity);
  const changes: OperatorChange[] = [];
  for (const node of plan.nodes) {
    const partner = partners.get(node.name);
    changes.push(partner === undefined ? { kind: 'new' } : changeOf(node, now, partner, old, changes, reload));
  }
  return changes;
}

/**
 * Returns the old node of each node: the old node of the same name. If both plans have exactly one
 * pattern without such a node, these two patterns correspond to each other.
 */
function partnersOf(plan: Plan, before: Plan): ReadonlyMap<string, PlannedNode> {
  const byName = new Map(before.nodes.map((node) => [node.name, node]));
  const partners = new Map<string, PlannedNode>();
  for (const node of plan.nodes) {
    const same = byName.get(node.name);
    if (same?.kind === node.kind) partners.set(node.name, same);
  }
  const taken = new Set([...partners.values()]);
  const [mine, ...moreOfMine] = plan.nodes.filter((node) => node.kind === 'match' && !partners.has(node.name));
  const [theirs, ...moreOfTheirs] = before.nodes.filter((node) => node.kind === 'match' && !taken.has(node));
  if (mine !== undefined && theirs !== undefined && moreOfMine.length + moreOfTheirs.length === 0) {
    partners.set(mine.name, theirs);
  }
  return partners;
}

/** A plan with the properties by which its nodes are compared. */
interface Side {
  readonly plan: Plan;
  readonly prints: readonly string[];
  /**
   * Lineage with and without the filters that decide which rows pass. A pattern keeps its rows when
   * a filter below it changes, as it does when its own conditions change.
   */
  readonly exact: readonly Lineage[];
  readonly loose: readonly Lineage[];
}

function sidesOf(plan: Plan, patternNames: LineageRules['patternNames'], identity: Endpoints['identity']): Side {
  return {
    plan,
    prints: fingerprints(plan),
    exact: lineages(plan, { optionsOf: ({ options }) => options, withConditions: true, patternNames }),
    loose: lineages(plan, { optionsOf: dataBy(identity), withConditions: false, patternNames }),
  };
}

function changeOf(
  node: PlannedNode,
  now: Side,
  partner: PlannedNode,
  old: Side,
  changes: readonly OperatorChange[],
  reload: PatternReload,
): OperatorChange {
  if (node.name === partner.name && now.prints[node.id] === old.prints[partner.id]) return { kind: 'same' };
  const lost = stateBelow(node, now.plan).find(
    (below) => changes[below.id]!.kind === 'fresh' || changes[below.id]!.kind === 'new',
  );
  if (node.traits.stateful && lost !== undefined) return fresh(`${lost.name}, which it reads, starts without state`);
  if (node.kind === 'match' && partner.kind === 'match') return patternChange(node, now, partner, old, reload);
  const same = node.traits.stateful
    ? meansTheSame(node, now, partner, old)
    : now.loose[node.id]!.rows === old.loose[partner.id]!.rows;
  return same ? { kind: 'same' } : fresh('its definition has changed');
}

function patternChange(
  node: MatchNode,
  now: Side,
  partner: MatchNode,
  old: Side,
  reload: PatternReload,
): OperatorChange {
  if (reload === 'fresh') return fresh("'sequitur.pattern.reload' is 'fresh'");
  const columns = now.loose[node.inputs[0]!]!;
  const columnsBefore = old.loose[partner.inputs[0]!]!;
  if (columns.rows !== columnsBefore.rows) return fresh('its input has changed');
  const version = ({ plan }: Side, of: MatchNode, lineage: Lineage) =>
    patternVersion(0, of, plan.nodes[of.inputs[0]!]!.fields, lineage.columns, plan.settings);
  const why = whyFresh(version(old, partner, columnsBefore), version(now, node, columns));
  if (why !== null) return fresh(why);
  return { kind: 'pattern', before: partner, columnsBefore: columnsBefore.columns, columns: columns.columns };
}

function meansTheSame(node: PlannedNode, now: Side, partner: PlannedNode, old: Side): boolean {
  const inputs = (side: Side, of: PlannedNode): Lineage[] => of.inputs.map((input) => side.exact[input]!);
  const mine = inputs(now, node);
  const theirs = inputs(old, partner);
  return mine.every(({ rows }, i) => rows === theirs[i]?.rows) && meaningOf(node, mine) === meaningOf(partner, theirs);
}

/** Returns the nodes with state that a node reads directly or indirectly. */
function stateBelow(node: PlannedNode, plan: Plan): readonly PlannedNode[] {
  return node.inputs.flatMap((input) => {
    const below = plan.nodes[input]!;
    return below.traits.stateful ? [below] : stateBelow(below, plan);
  });
}

const fresh = (reason: string): OperatorChange => ({ kind: 'fresh', reason });
