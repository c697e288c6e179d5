import type { DataType, Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { OperatorContext } from '../operator.ts';
import type { KeyedTable, StateColumn, TableSpec, ValueCodec } from '../state/state-store.ts';
import type { KeyTimers } from '../timers/key-timers.ts';
import type { OpenMatches } from './explain/open-matches.ts';
import type { RunningMatching } from './keyed-matching.ts';
import type { ObservedMatch } from './match-observer.ts';
import type { MatchResults } from './match-results.ts';
import { STATES_TABLE } from './pattern-shape.ts';

/** The context of a pattern's operator. */
export interface MatchContext extends OperatorContext {
  /** Observes the matching of one pattern. */
  readonly observedMatch?: ObservedMatch;
}

/** The parameters of a matching. */
export interface MatchingParts {
  readonly node: MatchNode;
  readonly input: readonly Field[];
  /** Columns of the input that rows keep. */
  readonly kept: readonly number[];
  readonly context: MatchContext;
  /** Set if this pattern is observed. */
  readonly observed: ObservedMatch | null;
  readonly timers: KeyTimers;
  /** The scale of the pattern's bounds. */
  readonly scaleMs: number;
}

export interface BuiltMatching {
  readonly matching: RunningMatching;
  readonly results: MatchResults;
  /** The partial matches of a key; absent: not supported by this matching. */
  readonly openFor?: (key: readonly unknown[]) => Promise<Omit<OpenMatches, 'name' | 'watermark'>>;
}

/** Creates the table of key states. */
export function stateTable(
  { node, input, context }: MatchingParts,
  codec: ValueCodec,
  more: readonly StateColumn[] = [],
  note?: TableSpec['note'],
): KeyedTable {
  return context.state.keyedTable({
    operator: context.operator,
    table: STATES_TABLE,
    name: 'matches',
    key: node.partition.map((column): DataType => input[column]!.type),
    columns: [{ kind: 'value', codec }, ...more],
    ...(note === undefined ? {} : { note }),
  });
}

/** Returns for each column of the input its position in the values of kept rows. */
export function placesOf(kept: readonly number[], columns: number): Int32Array {
  const keptAt = new Int32Array(columns);
  for (const [place, column] of kept.entries()) keptAt[column] = place;
  return keptAt;
}
