/** Marks of dead starts before they are removed. */
const TRIM_MIN = 64;

/**
 * The counters of the partial matches in a counted loop (`counted-loops.ts`). A mark stands for the
 * starts from its first one to the one before the next mark. They came into the loop with the same
 * row. An older start is at the same position or a later one.
 */
export class LoopPositions {
  /** Rows that the loop has taken. */
  taken = 0;
  /** Starts up to this sequence have left the loop. */
  after = -1;
  /** By mark: the sequence of its first start. */
  readonly firsts: number[] = [];
  /** By mark: `taken` when its starts came into the loop. */
  readonly origins: number[] = [];

  /** Adds starts that come into the loop with the current row. */
  enter(first: number): void {
    this.enterAt(first, 0);
  }

  /** Adds starts that are at a position. They are newer than the starts before. */
  enterAt(first: number, position: number): void {
    const origin = this.taken - position;
    if (this.origins.at(-1) === origin) return;
    this.firsts.push(first);
    this.origins.push(origin);
  }

  /**
   * Returns the sequence of the first start at `position` or an earlier one. Infinity: there is
   * none.
   */
  firstUpTo(position: number): number {
    const { origins } = this;
    let low = 0;
    let high = origins.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.taken - origins[middle]! <= position) high = middle;
      else low = middle + 1;
    }
    return low < origins.length ? this.firsts[low]! : Number.POSITIVE_INFINITY;
  }

  /** Returns the position of a start. */
  positionOf(start: number): number {
    const { firsts } = this;
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (firsts[middle]! <= start) low = middle + 1;
      else high = middle;
    }
    return this.taken - this.origins[low - 1]!;
  }

  /** Removes the marks whose starts are all dead: those up to `after`, and those that have left. */
  trim(after: number): void {
    const dead = Math.max(after, this.after);
    const { firsts, origins } = this;
    if (firsts.length < TRIM_MIN || firsts[firsts.length >> 1]! > dead) return;
    let count = 0;
    while (count + 1 < firsts.length && firsts[count + 1]! <= dead + 1) count++;
    firsts.splice(0, count);
    origins.splice(0, count);
  }
}
