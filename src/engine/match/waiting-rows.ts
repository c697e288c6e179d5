import type { Batch } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';
import type { RowLayout } from './row-layout.ts';
import type { UnorderedRows } from './row-order.ts';
import { type WaitingColumn, waitingColumn } from './waiting-column.ts';

/**
 * The rows that wait in memory, by slot. A release takes some of these rows together with rows of a
 * batch. `UnorderedRows` gives the rows of the current release. A released row's slot is free only
 * after `settle`.
 */
export class WaitingRows implements UnorderedRows {
  /** Rows that wait. */
  size = 0;
  firstTime = Number.POSITIVE_INFINITY;
  /** Rows being released: their times and numbers of arrival. */
  count = 0;
  times = new Float64Array(64);
  arrivals = new Float64Array(64);
  readonly #layout: RowLayout;
  /** Input column of each waiting column. */
  readonly #inputs: readonly number[];
  readonly #columns: readonly WaitingColumn[];
  #slotTimes = new Float64Array(64);
  #slotArrivals = new Float64Array(64);
  /** The slot of each row being released, or -1 - row of the batch. */
  #picks = new Int32Array(64);
  #inOrder = new Int32Array(64);
  #timesInOrder = new Float64Array(64);
  /** The remaining slots. */
  #left = new Int32Array(64);
  #leftCount = 0;
  #batch: Batch | null = null;

  constructor(layout: RowLayout, inputs: readonly number[]) {
    this.#layout = layout;
    this.#inputs = inputs;
    this.#columns = inputs.map((column) => waitingColumn(layout.fields[column]!.type));
  }

  /** Returns the number of bytes of the longest text column. */
  get textBytes(): number {
    return this.#columns.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  }

  append(batch: Batch, rows: Int32Array, times: Float64Array, count: number, firstArrival: number): void {
    const at = this.size;
    this.#grow(count);
    for (let k = 0; k < count; k++) {
      const time = times[k]!;
      this.#slotTimes[at + k] = time;
      this.#slotArrivals[at + k] = firstArrival + k;
      if (time < this.firstTime) this.firstTime = time;
    }
    this.#columns.forEach((column, c) => {
      column.append(batch.columns[this.#inputs[c]!]!, rows, count, at);
    });
  }

  /** Adds a slot for one row. The caller then sets the values with `set`. */
  open(time: number, arrival: number): number {
    const slot = this.size;
    this.#grow(1);
    this.#slotTimes[slot] = time;
    this.#slotArrivals[slot] = arrival;
    if (time < this.firstTime) this.firstTime = time;
    return slot;
  }

  set(slot: number, place: number, value: unknown): void {
    this.#columns[place]!.set(slot, value);
  }

  #grow(rows: number): void {
    this.size += rows;
    if (this.size <= this.#slotTimes.length) return;
    const capacity = Math.max(this.#slotTimes.length * 2, this.size);
    this.#slotTimes = resized(this.#slotTimes, capacity);
    this.#slotArrivals = resized(this.#slotArrivals, capacity);
  }

  timeOf(slot: number): number {
    return this.#slotTimes[slot]!;
  }
  arrivalOf(slot: number): number {
    return this.#slotArrivals[slot]!;
  }
  valueOf(slot: number, place: number): unknown {
    return this.#columns[place]!.get(slot);
  }

  clear(): void {
    this.#keep(0);
  }

  #keep(count: number): void {
    if (count === this.size) return;
    this.size = count;
    for (const column of this.#columns) column.keep(this.#left, count);
    let first = Number.POSITIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const slot = this.#left[k]!;
      const time = this.#slotTimes[slot]!;
      this.#slotTimes[k] = time;
      this.#slotArrivals[k] = this.#slotArrivals[slot]!;
      if (time < first) first = time;
    }
    this.firstTime = first;
  }

  /**
   * Begins a release with the waiting rows up to the watermark, then the rows of the batch. Returns
   * the number of released waiting rows.
   */
  take(
    watermark: number,
    batch: Batch,
    direct: Int32Array,
    directTimes: Float64Array,
    count: number,
    firstArrival: number,
  ): number {
    const some = this.firstTime <= watermark;
    const most = (some ? this.size : 0) + count;
    if (this.times.length < most) {
      this.times = new Float64Array(most * 2);
      this.arrivals = new Float64Array(most * 2);
      this.#picks = new Int32Array(most * 2);
      this.#inOrder = new Int32Array(most * 2);
      this.#timesInOrder = new Float64Array(most * 2);
    }
    let waited = 0;
    this.#leftCount = this.size;
    if (some) {
      if (this.#left.length < this.size) this.#left = new Int32Array(this.#slotTimes.length);
      let left = 0;
      for (let slot = 0; slot < this.size; slot++) {
        const time = this.#slotTimes[slot]!;
        if (time > watermark) {
          this.#left[left++] = slot;
          continue;
        }
        this.times[waited] = time;
        this.arrivals[waited] = this.#slotArrivals[slot]!;
        this.#picks[waited++] = slot;
      }
      this.#leftCount = left;
    }
    for (let k = 0; k < count; k++) {
      this.times[waited + k] = directTimes[k]!;
      this.arrivals[waited + k] = firstArrival + k;
      this.#picks[waited + k] = -1 - direct[k]!;
    }
    this.count = waited + count;
    this.#batch = batch;
    return waited;
  }

  value(n: number, column: number): unknown {
    const pick = this.#picks[n]!;
    if (pick < 0) return this.#batch!.columns[column]!.get(-1 - pick);
    return this.valueOf(pick, this.#layout.placeOf[column]!);
  }

  /**
   * Gathers the rows being released as columns in the order of the positions (null: unchanged).
   * Returns their times.
   */
  gather(order: Int32Array | null, columns: Vector[]): Float64Array {
    const { count } = this;
    let picks = this.#picks;
    let times = this.times;
    if (order !== null) {
      picks = this.#inOrder;
      times = this.#timesInOrder;
      for (let k = 0; k < count; k++) {
        const n = order[k]!;
        picks[k] = this.#picks[n]!;
        times[k] = this.times[n]!;
      }
    }
    this.#columns.forEach((column, c) => {
      const input = this.#inputs[c]!;
      columns[input] = column.gather(picks, count, this.#batch!.columns[input] ?? null);
    });
    return times;
  }

  /** Ends a release and frees the slots of its rows. */
  settle(): void {
    this.#batch = null;
    this.#keep(this.#leftCount);
  }
}

function resized(array: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity);
  larger.set(array);
  return larger;
}
