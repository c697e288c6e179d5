import type { DataType, Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { OperatorContext } from '../operators/operator.ts';
import type { KeyedTable, StateColumn, TableSpec, ValueCodec } from '../state/state-store.ts';
import type { Deadlines } from './deadlines.ts';
import type { OpenMatches } from './explain/open-matches.ts';
import type { RunningMatching } from './keyed-matching.ts';
import type { MatchResults } from './match-results.ts';

/** What the way of matching is built from. */
export interface MatchingParts {
  readonly node: MatchNode;
  readonly input: readonly Field[];
  readonly context: OperatorContext;
  readonly deadlines: Deadlines;
  /** The scale of the pattern's bounds. */
  readonly scaleMs: number;
}

export interface BuiltMatching {
  readonly matching: RunningMatching;
  readonly results: MatchResults;
  /** Columns of the input that are read at all. */
  readonly read: readonly number[];
  /** What is open for a key; absent: this way of matching cannot say. */
  readonly openFor?: (key: readonly unknown[]) => Promise<Omit<OpenMatches, 'name' | 'watermark'>>;
}

/** The table of key states; table 1 of the operator. */
export function stateTable(
  { node, input, context }: MatchingParts,
  codec: ValueCodec,
  more: readonly StateColumn[] = [],
  restsBelow?: TableSpec['restsBelow'],
): KeyedTable {
  return context.state.keyedTable({
    operator: context.operator,
    table: 1,
    name: 'matches',
    key: node.partition.map((column): DataType => input[column]!.type),
    columns: [{ kind: 'value', codec }, ...more],
    ...(restsBelow === undefined ? {} : { restsBelow }),
  });
}

/** Columns that come out of the rows shown. */
export function shownColumns(node: MatchNode): number[] {
  return node.rows.kind === 'all' ? node.outputs.flatMap((each) => ('column' in each ? [each.column] : [])) : [];
}

/** By column of the input: its place in the values of kept rows. */
export function placesOf(kept: readonly number[], columns: number): Int32Array {
  const keptAt = new Int32Array(columns);
  for (const [place, column] of kept.entries()) keptAt[column] = place;
  return keptAt;
}

export function distinct(columns: readonly number[]): number[] {
  return [...new Set(columns)].sort((a, b) => a - b);
}
