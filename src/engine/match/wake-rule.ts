import type { RowUnderTest } from './matcher.ts';
import type { FoundBy } from './partial-index.ts';
import type { PartialList } from './partial-list.ts';

/** With more partial matches than this, a search through them at each change costs too much. */
const SLEEP_MOST = 8;

/**
 * Determines with two numbers which rows do not change any partial match of a key. `wakes` is the
 * number of a row. A row whose number is below the key's `wakesAt` changes nothing. The rule covers
 * comparisons like `B.x > f(A.y)`, and conditions on the row alone.
 */
export class WakeRule {
  readonly #decidedBy: FoundBy;
  /** The variables that decide in some state. */
  readonly #deciding: readonly number[];
  /**
   * The deciding variable whose comparison with the taken rows is used. -1: none. -2: not
   * determined yet.
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
      // If a value cannot be compared, every row may change the state
      lowest = at < lowest ? at : at >= lowest ? lowest : Number.NEGATIVE_INFINITY;
    }
    return lowest;
  }
}
