import type { RunningMatching } from './keyed-matching.ts';

/** The part of a pattern's checkpoint that is not in the tables. */
export interface MatchSnapshot {
  /** The watermark as text, because it may be infinite. */
  readonly watermark: string;
  readonly arrivals: number;
  readonly lateRows: number;
  /** The sequence of the next timer. */
  readonly timers: number;
  readonly matching: ReturnType<RunningMatching['snapshot']>;
}
