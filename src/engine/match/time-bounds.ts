import type { MatchNode } from '../../plan/match-node.ts';
import type { PartialList } from './partial-list.ts';
import type { PartialMatch } from './partial-match.ts';

/**
 * The bounds at which partial matches expire: WITHIN from the first row, PER STEP from the last
 * row, and the gaps of loops. Bounds are exclusive: a partial match expires exactly at its bound.
 */
export class TimeBounds {
  /**
   * Only the first row determines the bound, so expired partial matches are first in a list by
   * first row.
   */
  readonly inOrder: boolean;
  /** From the first row, and from the last row, of a partial match; +Infinity = none. */
  readonly #withinMs: number;
  readonly #stepMs: number;

  constructor(within: MatchNode['within'], hasGap: boolean) {
    this.#withinMs = within?.type === 'first-and-last' ? within.ms : Number.POSITIVE_INFINITY;
    this.#stepMs = within?.type === 'previous-and-current' ? within.ms : Number.POSITIVE_INFINITY;
    this.inOrder = !hasGap && this.#stepMs === Number.POSITIVE_INFINITY;
  }

  deadlineOf({ start, path, state }: PartialMatch): number {
    const gapMs = state.gapMs > 0 ? state.gapMs : Number.POSITIVE_INFINITY;
    return Math.min(start!.time + this.#withinMs, path!.row.time + Math.min(this.#stepMs, gapMs));
  }

  /** Returns the earliest bound of a key, or +Infinity. */
  next(partial: PartialList): number {
    const { first } = partial;
    if (first === null) return Number.POSITIVE_INFINITY;
    // The earliest start comes first, so the usual bound needs no search.
    let deadline = first.start!.time + this.#withinMs;
    if (this.inOrder) return deadline;
    for (let place = partial.begin; place < partial.end; place++) {
      const each = partial.at(place);
      if (each !== null) deadline = Math.min(deadline, this.deadlineOf(each));
    }
    return deadline;
  }
}
