import type { RowUnderTest } from './matcher.ts';
import type { FoundBy } from './partial-index.ts';
import type { PartialList } from './partial-list.ts';

/** With more partial matches than this, a search through them at each change costs too much. */
const PARTIALS_MAX = 8;

/**
 * Determines which rows do not change any partial match of a key. Each row has a number
 * (`rowNumbers`), and each key has a threshold (`changeThreshold`). A row whose number is below the
 * threshold changes nothing. The rule covers comparisons like `B.x > f(A.y)`, and conditions on the
 * row alone.
 */
export class ThresholdRule {
  readonly #decidedBy: FoundBy;
  /** The variables that decide in some state. */
  readonly #deciding: readonly number[];
  /**
   * The deciding variable whose comparison with the taken rows is used. -1: none. -2: not
   * determined yet.
   */
  #compared = -2;

  constructor(decidedBy: FoundBy) {
    this.#decidedBy = decidedBy;
    this.#deciding = [...new Set(decidedBy.flatMap((variables) => variables ?? []))];
  }

  rowNumbers(row: RowUnderTest, numbers: Float64Array, count: number): void {
    const { comparisons } = row;
    if (row.rowNumbers === undefined || comparisons === undefined) {
      numbers.fill(Number.POSITIVE_INFINITY, 0, count);
      return;
    }
    if (this.#compared < -1) this.#compared = this.#deciding.find((variable) => comparisons.includes(variable)) ?? -1;
    row.rowNumbers(this.#deciding, this.#compared, numbers, count);
  }

  changeThreshold(partial: PartialList, row: RowUnderTest): number {
    if (partial.length > PARTIALS_MAX) return Number.NEGATIVE_INFINITY;
    let lowest = Number.POSITIVE_INFINITY;
    for (let place = partial.begin; place < partial.end; place++) {
      const each = partial.at(place);
      if (each === null) continue;
      const deciding = this.#decidedBy[each.state.index]!;
      if (deciding === null) return Number.NEGATIVE_INFINITY;
      if (!deciding.includes(this.#compared)) continue;
      const at = row.changeThreshold!(this.#compared, each.path!);
      // If a value cannot be compared, every row may change the state
      lowest = at < lowest ? at : at >= lowest ? lowest : Number.NEGATIVE_INFINITY;
    }
    return lowest;
  }
}
