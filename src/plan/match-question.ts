import { BOOLEAN } from '../core/data-type.ts';
import { invariant } from '../core/invariant.ts';
import type { Expression } from './expression.ts';
import { withTraits } from './infer-traits.ts';
import type { MatchNode } from './match-node.ts';
import type { Plan } from './plan.ts';
import type { PlanNode } from './plan-node.ts';

/** Returns the plan's patterns, in plan order. */
export function matchesIn(plan: Plan): MatchNode[] {
  return plan.nodes.filter((node) => node.kind === 'match');
}

/**
 * Returns the plan that answers a question about one key of a pattern. The plan has all direct and
 * indirect inputs of the pattern, a filter for the rows of the key, the pattern, and a sink that
 * collects the result. The filter follows the watermarks, so event time advances as in the whole
 * plan.
 */
export function planForKey(plan: Plan, match: MatchNode, key: readonly Expression[]): Plan {
  const { fields } = plan.nodes[match.inputs[0]!]!;
  const conditions = match.partition.map(
    (column, i): Expression => ({
      kind: 'call',
      function: 'IS NOT DISTINCT FROM',
      args: [{ kind: 'column', index: column, type: fields[column]!.type }, key[i]!],
      type: BOOLEAN,
    }),
  );
  if (conditions.length === 0) return planUpTo(plan, match, null);
  const condition: Expression =
    conditions.length === 1 ? conditions[0]! : { kind: 'and', args: conditions, type: BOOLEAN };
  return planUpTo(plan, match, condition);
}

/**
 * Returns a plan that has all direct and indirect inputs of a pattern, a filter with the condition
 * (null: no filter), the pattern, and a sink that collects the result.
 */
export function planUpTo(plan: Plan, match: MatchNode, condition: Expression | null): Plan {
  const wanted = new Set<number>();
  const need = (id: number): void => {
    if (wanted.has(id)) return;
    wanted.add(id);
    plan.nodes[id]!.inputs.forEach(need);
  };
  match.inputs.forEach(need);
  const ids = new Map<number, number>();
  const nodes: PlanNode[] = [];
  for (const node of plan.nodes) {
    if (!wanted.has(node.id)) continue;
    ids.set(node.id, nodes.length);
    nodes.push(renumbered(node, nodes.length, ids));
  }
  let input = ids.get(match.inputs[0]!)!;
  const { fields } = plan.nodes[match.inputs[0]!]!;
  if (condition !== null) {
    nodes.push({ kind: 'filter', id: nodes.length, name: `${match.name}.key`, fields, inputs: [input], condition });
    input = nodes.length - 1;
  }
  nodes.push({ ...match, id: nodes.length, inputs: [input] });
  nodes.push({
    kind: 'sink',
    id: nodes.length,
    name: 'result',
    fields: match.fields,
    inputs: [nodes.length - 1],
    table: 'result',
    options: { connector: 'collect' },
    changelog: 'insert',
    primaryKey: [],
  });
  return { ...plan, nodes: withTraits(nodes) };
}

function renumbered(node: PlanNode, id: number, ids: ReadonlyMap<number, number>): PlanNode {
  const at = (input: number): number => {
    const moved = ids.get(input);
    invariant(moved !== undefined, 'an input precedes its consumer');
    return moved;
  };
  return { ...node, id, inputs: node.inputs.map(at) };
}
