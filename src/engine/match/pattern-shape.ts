import type { Field } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import { distinct, flinkColumns, type PatternColumns, standardColumns } from './kept-columns.ts';
import { type LaggedNode, withLagColumns } from './lag-columns.ts';

/** Timers are in buckets of this fraction of the bound. */
const TIMER_BUCKETS = 32;
/** The scale of a pattern that is bounded only by the gaps of its loops. */
const DEFAULT_SCALE_MS = 60_000;

/**
 * The tables of a pattern's operator. 0 and 2 were the sorter and the timers of the first layout.
 */
export const SORTER_TABLE = 4;
export const STATES_TABLE = 1;
export const TIMERS_TABLE = 5;
export const LAGS_TABLE = 3;

/** The properties of a pattern's state that follow from its plan. */
export interface PatternShape extends LaggedNode, PatternColumns {
  /** Columns that rows keep while they wait for the watermark. */
  readonly waiting: readonly number[];
  /** The scale of its bounds. */
  readonly scaleMs: number;
  /** Width of a bucket of timers. */
  readonly bucketMs: number;
}

/** Returns the shape of a pattern. `observed`: the matching has an observer. */
export function patternShape(node: MatchNode, input: readonly Field[], observed = false): PatternShape {
  const flink = node.semantics === 'flink';
  const lagged: LaggedNode = flink ? withLagColumns(node, input) : { node, fields: input, lags: [] };
  const columns = flink ? flinkColumns(lagged.node, observed) : standardColumns(lagged.node, observed);
  const scaleMs = node.within?.ms ?? DEFAULT_SCALE_MS;
  return {
    ...lagged,
    ...columns,
    waiting: distinct([
      ...columns.read.filter((column) => column < input.length),
      ...lagged.lags.map(({ column }) => column),
    ]),
    scaleMs,
    bucketMs: Math.max(1, Math.ceil(scaleMs / TIMER_BUCKETS)),
  };
}
