/** The times of a slice and of its windows. */
export interface SliceTimes {
  readonly start: number;
  /** When the slice's first and last window fire. */
  readonly firstFire: number;
  readonly lastFire: number;
}

/** Rows of a batch that belong to one slice. */
export class SliceRows {
  readonly end: number;
  readonly start: number;
  readonly firstFire: number;
  readonly lastFire: number;
  rows: Int32Array = new Int32Array(0);
  count = 0;

  constructor(end: number, { start, firstFire, lastFire }: SliceTimes) {
    this.end = end;
    this.start = start;
    this.firstFire = firstFire;
    this.lastFire = lastFire;
  }

  /** Adds a row. `most` is the maximum number of rows that the slice can get from the batch. */
  add(row: number, most: number): void {
    if (this.count === this.rows.length) {
      const grown = new Int32Array(Math.min(Math.max(64, this.rows.length * 4), Math.max(64, most)));
      grown.set(this.rows);
      this.rows = grown;
    }
    this.rows[this.count++] = row;
  }
}

/** The rows of a part of a batch, grouped by slice. */
export class OpenSlices {
  readonly #slices = new Map<number, SliceRows>();

  /** Returns the slice that ends at `end`. Creates it for its first row. */
  of(end: number, timesOf: () => SliceTimes): SliceRows {
    let slice = this.#slices.get(end);
    if (slice === undefined) {
      slice = new SliceRows(end, timesOf());
      this.#slices.set(end, slice);
    }
    return slice;
  }

  slices(): Iterable<SliceRows> {
    return this.#slices.values();
  }

  /** Removes all slices. Returns those that have rows, in the order of their creation. */
  take(): readonly SliceRows[] {
    const taken = [...this.#slices.values()].filter(({ count }) => count > 0);
    this.#slices.clear();
    return taken;
  }
}
