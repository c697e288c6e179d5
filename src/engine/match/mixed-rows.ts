import type { Batch } from '../../batch/batch.ts';
import type { Segment } from '../state/state-store.ts';
import { ARRIVAL, isNullBit, maskColumn, type RowLayout, TIME } from './row-layout.ts';
import type { UnorderedRows } from './row-order.ts';

/** Rows that waited, then rows of the batch. */
export class MixedRows implements UnorderedRows {
  count = 0;
  times: Float64Array;
  arrivals: Float64Array;
  readonly #layout: RowLayout;
  readonly #segments: Segment[] = [];
  /** Number of the segment of each row that waited, and its slot; for rows of the batch the slot is the physical row. */
  #segmentOf: Int32Array;
  #slots: Int32Array;
  /** Rows of each segment that stay. */
  readonly #left: number[] = [];
  #waiting = 0;
  #batch!: Batch;

  constructor(layout: RowLayout, expected: number) {
    this.#layout = layout;
    this.times = new Float64Array(expected);
    this.arrivals = new Float64Array(expected);
    this.#segmentOf = new Int32Array(expected);
    this.#slots = new Int32Array(expected);
  }

  #reserve(rows: number): void {
    if (this.count + rows <= this.times.length) return;
    const size = Math.max(this.times.length * 2, this.count + rows);
    this.times = copyOf(new Float64Array(size), this.times);
    this.arrivals = copyOf(new Float64Array(size), this.arrivals);
    this.#segmentOf = copyOf(new Int32Array(size), this.#segmentOf);
    this.#slots = copyOf(new Int32Array(size), this.#slots);
  }

  addDue(segment: Segment, watermark: number): void {
    const slots = segment.slots();
    const times = segment.columns[TIME] as Float64Array;
    const arrivals = segment.columns[ARRIVAL] as Float64Array;
    this.#reserve(slots.length);
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (times[slot]! > watermark) continue;
      this.times[this.count] = times[slot]!;
      this.arrivals[this.count] = arrivals[slot]!;
      this.#segmentOf[this.count] = this.#segments.length;
      this.#slots[this.count++] = slot;
    }
    this.#segments.push(segment);
    this.#left.push(slots.length);
    this.#waiting = this.count;
  }

  addBatch(batch: Batch, rows: Int32Array, times: Float64Array, count: number, firstArrival: number): void {
    this.#batch = batch;
    this.#reserve(count);
    for (let i = 0; i < count; i++) {
      this.times[this.count] = times[i]!;
      this.arrivals[this.count] = firstArrival + i;
      this.#slots[this.count++] = rows[i]!;
    }
  }

  value(n: number, column: number): unknown {
    const slot = this.#slots[n]!;
    if (n >= this.#waiting) return this.#batch.columns[column]!.get(slot);
    const { placeOf, firstColumn, physical } = this.#layout;
    const place = placeOf[column]!;
    const segment = this.#segments[this.#segmentOf[n]!]!;
    const values = segment.columns[firstColumn + place]!;
    if (!(values instanceof Float64Array)) return values[slot];
    const mask = (segment.columns[maskColumn(place)] as Float64Array)[slot]!;
    if (isNullBit(mask, place)) return null;
    switch (physical[column]) {
      case 'boolean':
        return values[slot] === 1;
      case 'long':
        return segment.readLong(firstColumn + place, slot);
      default:
        return values[slot];
    }
  }

  /** Takes the rows out of the table; buckets that lose all of theirs are dropped as a whole instead. */
  removeFromState(): void {
    for (let n = 0; n < this.#waiting; n++) this.#left[this.#segmentOf[n]!]!--;
    for (let n = 0; n < this.#waiting; n++) {
      const at = this.#segmentOf[n]!;
      if (this.#left[at]! > 0) this.#segments[at]!.remove(this.#slots[n]!);
    }
  }

  leavesEmpty(segment: Segment): boolean {
    const at = this.#segments.indexOf(segment);
    return at >= 0 && this.#left[at] === 0;
  }
}

function copyOf<T extends Float64Array | Int32Array>(into: T, from: T): T {
  into.set(from);
  return into;
}
