import { invariant } from '../../../core/invariant.ts';
import { aggregateRows, createAggregator } from '../../../functions/aggregates/registry.ts';
import type { FunctionEnvironment } from '../../../functions/scalar-function.ts';
import type { Expression, MatchAggregate, MatchNavigation } from '../../../plan/expression.ts';
import type { MatchNode } from '../../../plan/match-node.ts';
import { readsClassifier } from '../../../plan/match-reach.ts';
import { compileScalar, type MatchResolver } from '../../expressions/compile-scalar.ts';
import type { ScalarExpression } from '../../expressions/evaluate.ts';
import type { PartitionRows } from '../matcher.ts';
import type { KeptRow, PathNode } from '../partial-match.ts';
import { type ChainSpec, findChain, isPlainCount, membersOf } from './condition-reads.ts';
import type { PartitionRow } from './partition-row.ts';
import type { RowChain } from './row-chain.ts';

/**
 * The input of a DEFINE condition: the row under test, and the rows that its thread took. Each
 * operator has one object and fills it before each evaluation.
 */
export interface ConditionBinding {
  row: PartitionRow;
  /** The variable for which the row is tested. */
  variable: number;
  path: PathNode | null;
  chains: readonly RowChain[];
  /** The `sequence` of the attempt's first row. */
  start: number;
  /** The number that the match would get. */
  number: number;
  rows: PartitionRows;
}

/** A row with the variable that took it; -1 for a row outside the match. */
interface LabelledRow {
  row: KeptRow;
  variable: number;
}

/**
 * Compiles the nodes that only MATCH_RECOGNIZE has, for DEFINE. The row under test counts as the
 * last row of its variable.
 */
export function conditionResolver(
  variables: readonly string[],
  subsets: MatchNode['subsets'],
  chains: readonly ChainSpec[],
  keptAt: Int32Array,
  environment: FunctionEnvironment,
): MatchResolver<ConditionBinding> {
  const ofRow: MatchResolver<LabelledRow> = (node) => {
    invariant(node.kind === 'match-classifier', () => `${node.kind} is not an expression of one row`);
    return (at) => variables[at.variable] ?? null;
  };
  const read = (at: LabelledRow, column: number): unknown => at.row.values[keptAt[column]!];
  const perRow = (expression: Expression) => compileScalar(expression, read, environment, ofRow);
  return (node) => {
    switch (node.kind) {
      case 'match-navigation': {
        const members = membersOf(node.variable, variables, subsets);
        return navigation(node, members, findChain(chains, members, usesLabels(node)), perRow(node.expression));
      }
      case 'match-aggregate': {
        const members = membersOf(node.variable, variables, subsets);
        const parts = [...node.call.args, ...(node.call.filter === undefined ? [] : [node.call.filter])];
        return aggregation(node, members, findChain(chains, members, parts.some(readsClassifier)), perRow);
      }
      case 'match-number':
        return (binding) => binding.number;
      default:
        throw new Error(`${node.kind} cannot stand in DEFINE`);
    }
  };
}

/**
 * Returns whether the expression reads the label of a row next to the found row. The path is
 * searched for this label.
 */
function usesLabels(node: MatchNavigation): boolean {
  return (node.physical ?? 0) === 0 && readsClassifier(node.expression);
}

function navigation(
  node: MatchNavigation,
  members: Uint8Array,
  chain: number,
  evaluate: ScalarExpression<LabelledRow>,
): ScalarExpression<ConditionBinding> {
  const { physical = 0 } = node;
  const find = node.variable === null ? findOfAll(node) : findOfMembers(node, members, chain);
  const labels = readsClassifier(node.expression);
  const at: LabelledRow = { row: NO_ROW, variable: -1 };
  return (binding) => {
    let row = find(binding);
    if (row !== null && physical !== 0) row = binding.rows.at(row.sequence + physical);
    if (row === null) return null;
    at.row = row;
    at.variable = labels ? labelOf(binding, row.sequence) : -1;
    return evaluate(at);
  };
}

const NO_ROW: KeptRow = { time: 0, sequence: -1, values: [] };

/**
 * Finds a row of all variables. An attempt takes consecutive rows, so the position of its n-th row
 * can be computed.
 */
function findOfAll({ direction, offset }: MatchNavigation): (binding: ConditionBinding) => KeptRow | null {
  if (direction === 'last' && offset === 0) return (binding) => binding.row;
  return ({ row, start, rows }) => {
    const wanted = direction === 'last' ? row.sequence - offset : start + offset;
    if (wanted < start || wanted > row.sequence) return null;
    return wanted === row.sequence ? row : rows.at(wanted);
  };
}

function findOfMembers(
  { direction, offset }: MatchNavigation,
  members: Uint8Array,
  chain: number,
): (binding: ConditionBinding) => KeptRow | null {
  if (direction === 'last') {
    return ({ row, variable, chains }) => {
      const own = members[variable] === 1;
      if (own && offset === 0) return row;
      return chains[chain]!.back(own ? offset - 1 : offset)?.row ?? null;
    };
  }
  return ({ row, variable, chains }) => {
    const { firsts, length } = chains[chain]!;
    if (offset < length) return firsts[offset]!.row;
    return offset === length && members[variable] === 1 ? row : null;
  };
}

/**
 * Returns the variable that took a row of the partition; -1 for a row that the attempt has not
 * taken.
 */
function labelOf({ row, variable, path, start }: ConditionBinding, sequence: number): number {
  if (sequence === row.sequence) return variable;
  if (sequence < start || sequence > row.sequence) return -1;
  let node = path;
  while (node !== null && node.row.sequence > sequence) node = node.previous;
  return node === null ? -1 : node.variable;
}

function aggregation(
  node: MatchAggregate,
  members: Uint8Array,
  chain: number,
  perRow: (expression: Expression) => ScalarExpression<LabelledRow>,
): ScalarExpression<ConditionBinding> {
  const { call } = node;
  const own = ({ variable }: ConditionBinding): number => members[variable]!;
  if (isPlainCount(node)) {
    if (node.variable === null) return ({ row, start }) => row.sequence - start + 1;
    return (binding) => binding.chains[chain]!.length + own(binding);
  }
  const aggregator = createAggregator(call, false);
  const args = call.args.map(perRow);
  const filter = call.filter === undefined ? null : perRow(call.filter);
  return (binding) => {
    const values: unknown[][] = [];
    const add = (at: LabelledRow): void => {
      if (filter === null || filter(at) === true) values.push(args.map((arg) => arg(at)));
    };
    if (chain >= 0) {
      for (let link: RowChain | null = binding.chains[chain]!; link?.row; link = link.previous) {
        add({ row: link.row, variable: link.variable });
      }
      values.reverse();
    } else {
      for (let at = binding.start; at < binding.row.sequence; at++) add({ row: binding.rows.at(at)!, variable: -1 });
    }
    if (own(binding) === 1) add({ row: binding.row, variable: binding.variable });
    return aggregateRows(aggregator, values, args.length);
  };
}
