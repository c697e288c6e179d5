import type { OperatorCounters } from '../operator.ts';
import type { LimitSnapshot } from './match-limits.ts';
import type { OpenCounts, OpenCountsSnapshot } from './open-counts.ts';

/** The counters over all keys of a pattern. A checkpoint contains them. */
export interface MatchingSnapshot {
  readonly matches: number;
  readonly partialMatches: number;
  readonly timedOut: number;
  readonly open?: OpenCountsSnapshot;
  readonly limits?: LimitSnapshot;
}

/** Matches dropped by limits (`LimitGuard`). */
interface LimitCounts {
  readonly droppedPartialMatches: number;
  readonly droppedMatches: number;
  snapshot(): LimitSnapshot;
  restore(from: LimitSnapshot): void;
}

export class MatchingCounters {
  matches = 0;
  /** Open partial matches. */
  partialMatches = 0;
  timedOut = 0;
  readonly #open: OpenCounts | undefined;
  readonly #limits: LimitCounts | null;

  constructor(open: OpenCounts | undefined, limits: LimitCounts | null) {
    this.#open = open;
    this.#limits = limits;
  }

  snapshot(): MatchingSnapshot {
    const { matches, partialMatches, timedOut } = this;
    return {
      matches,
      partialMatches,
      timedOut,
      ...(this.#open === undefined ? {} : { open: this.#open.snapshot() }),
      ...(this.#limits === null ? {} : { limits: this.#limits.snapshot() }),
    };
  }

  restore(from: MatchingSnapshot): void {
    this.matches = from.matches;
    this.partialMatches = from.partialMatches;
    this.timedOut = from.timedOut;
    if (from.open !== undefined) this.#open?.restore(from.open);
    if (from.limits !== undefined) this.#limits?.restore(from.limits);
  }

  metrics(): OperatorCounters {
    const { matches, partialMatches, timedOut } = this;
    const open = this.#open;
    const limits = this.#limits;
    return {
      matches,
      partialMatches,
      timedOut,
      ...(open === undefined ? {} : { heldBackMatches: open.held, partialMatchesByState: open.byState() }),
      ...(limits === null
        ? {}
        : { droppedPartialMatches: limits.droppedPartialMatches, droppedMatches: limits.droppedMatches }),
    };
  }
}
