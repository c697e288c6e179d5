import type { MatchNode } from '../../plan/match-node.ts';
import { columnsIn, columnsKeptFor } from './expression-columns.ts';

/** Columns of the input, ascending. */
export interface PatternColumns {
  /**
   * The columns that are kept of the rows that partial matches, or the current attempt, have taken.
   */
  readonly kept: readonly number[];
  /** All columns that are read. */
  readonly read: readonly number[];
}

/** Returns the columns for Flink's semantics. `observed`: an observer reads whole rows. */
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
 * Returns the columns for the standard's semantics. Attempts read rows again after the end of their
 * batch, so rows keep all columns that are read. `observed`: an observer also reads the columns of
 * PARTITION BY and the time.
 */
export function standardColumns(node: MatchNode, observed = false): PatternColumns {
  const expressions = [...node.define.map(({ condition }) => condition), ...node.measures];
  const kept = distinct([
    ...expressions.flatMap(columnsIn),
    ...shownColumns(node),
    ...(observed ? [node.time.column, ...node.partition] : []),
  ]);
  return { kept, read: distinct([...kept, ...node.partition, ...orderOf(node)]) };
}

const orderOf = (node: MatchNode): number[] => node.order.map(({ column }) => column);

/** Returns the output columns of the shown rows. */
export function shownColumns(node: MatchNode): number[] {
  return node.rows.kind === 'all' ? node.outputs.flatMap((each) => ('column' in each ? [each.column] : [])) : [];
}

export function distinct(columns: readonly number[]): number[] {
  return [...new Set(columns)].sort((a, b) => a - b);
}
