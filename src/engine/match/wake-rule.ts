import type { RowUnderTest } from './matcher.ts';
import type { FoundBy } from './partial-index.ts';
import type { PartialList } from './partial-list.ts';

/** Beyond so many partial matches it is not worth looking through them at each change. */
const SLEEP_MOST = 8;

/**
 * Which rows leave all partial matches of a key as they are, as two numbers: what a row could move
 * (`wakes`), and below what nothing of the key moves (`wakesAt`). For comparisons like
 * `B.x > f(A.y)`, and for conditions of the row alone.
 */
export class WakeRule {
  readonly #decidedBy: FoundBy;
  /** Variables that decide in some state. */
  readonly #deciding: readonly number[];
  /**
   * Of these the one whose comparison with what was taken is looked at, -1 for none; -2 until that
   * has been settled.
   */
  #wakeBy = -2;

  constructor(decidedBy: FoundBy) {
    this.#decidedBy = decidedBy;
    this.#deciding = [...new Set(decidedBy.flatMap((variables) => variables ?? []))];
  }

  wakes(row: RowUnderTest, wake: Float64Array, count: number): void {
    const { comparisons } = row;
    if (row.wakes === undefined || comparisons === undefined) {
      wake.fill(Number.POSITIVE_INFINITY, 0, count);
      return;
    }
    if (this.#wakeBy < -1) this.#wakeBy = this.#deciding.find((variable) => comparisons.includes(variable)) ?? -1;
    row.wakes(this.#deciding, this.#wakeBy, wake, count);
  }

  wakesAt(partial: PartialList, row: RowUnderTest): number {
    if (partial.length > SLEEP_MOST) return Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let place = partial.begin; place < partial.end; place++) {
      const each = partial.at(place);
      if (each === null) continue;
      const deciding = this.#decidedBy[each.state.index]!;
      if (deciding === null) return Number.NEGATIVE_INFINITY;
      if (!deciding.includes(this.#wakeBy)) continue;
      const at = row.wakesAt!(this.#wakeBy, each.path!);
      // A value that cannot be compared wakes at every row
      lowest = at < lowest ? at : at >= lowest ? lowest : Number.NEGATIVE_INFINITY;
    }
    return lowest;
  }
}
