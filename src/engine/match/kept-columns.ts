import type { MatchNode } from '../../plan/match-node.ts';
import { columnsIn, columnsKeptFor } from './expression-columns.ts';

/** Columns of the input, ascending. */
export interface PatternColumns {
  /** Those that rows keep which partial matches, or the attempt under way, have taken. */
  readonly kept: readonly number[];
  /** Those that are read at all. */
  readonly read: readonly number[];
}

/** With Flink's semantics. `observed`: who looks on sees whole rows. */
export function flinkColumns(node: MatchNode, observed = false): PatternColumns {
  const conditions = node.define.map(({ condition }) => condition);
  const kept = distinct([
    ...conditions.flatMap(columnsKeptFor),
    ...node.measures.flatMap(columnsIn),
    ...shownColumns(node),
    ...(observed ? [node.time.column, ...node.partition, ...conditions.flatMap(columnsIn)] : []),
  ]);
  return { kept, read: distinct([...kept, ...conditions.flatMap(columnsIn), ...node.partition, ...orderOf(node)]) };
}

/**
 * With the standard's: attempts look at rows again after their batch is gone, so rows keep all that
 * is read of them.
 */
export function standardColumns(node: MatchNode): PatternColumns {
  const expressions = [...node.define.map(({ condition }) => condition), ...node.measures];
  const kept = distinct(expressions.flatMap(columnsIn).concat(shownColumns(node)));
  return { kept, read: distinct([...kept, ...node.partition, ...orderOf(node)]) };
}

const orderOf = (node: MatchNode): number[] => node.order.map(({ column }) => column);

/** Columns that come out of the rows shown. */
export function shownColumns(node: MatchNode): number[] {
  return node.rows.kind === 'all' ? node.outputs.flatMap((each) => ('column' in each ? [each.column] : [])) : [];
}

export function distinct(columns: readonly number[]): number[] {
  return [...new Set(columns)].sort((a, b) => a - b);
}
