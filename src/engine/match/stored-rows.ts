import type { Segment, TimedTable } from '../state/state-store.ts';
import type { RowGroups } from './row-groups.ts';
import { ARRIVAL, isNullBit, maskColumn, nullBit, type RowLayout, TIME } from './row-layout.ts';
import type { WaitingRows } from './waiting-rows.ts';

/**
 * The intended number of rows in a bucket. It is small, because a bucket is read again if only some
 * of its rows are due.
 */
const ROWS_PER_BUCKET = 128;

/**
 * The rows that wait in the state table. The width of the time buckets depends on the density of
 * the stream.
 */
export class StoredRows {
  readonly #table: TimedTable;
  readonly #layout: RowLayout;
  /** Number of kept columns. */
  readonly #places: number;
  readonly #groups: RowGroups;
  #width = 1024;

  constructor(table: TimedTable, layout: RowLayout, places: number, groups: RowGroups) {
    this.#groups = groups;
    this.#table = table;
    this.#layout = layout;
    this.#places = places;
  }

  get firstTime(): number {
    return this.#table.firstTime;
  }

  /** Sets the time between rows of the stream in milliseconds. */
  setSpacing(msPerRow: number): void {
    const wanted = Math.max(1, msPerRow * ROWS_PER_BUCKET);
    if (wanted > this.#width * 4 || wanted < this.#width / 4) this.#width = 2 ** Math.round(Math.log2(wanted));
  }

  /** Writes all rows that wait in memory. */
  write(rows: WaitingRows): void {
    let segment: Segment | null = null;
    let end = 0;
    for (let row = 0; row < rows.size; row++) {
      const time = rows.timeOf(row);
      if (segment === null || time >= end || time < segment.time) {
        const start = Math.floor(time / this.#width) * this.#width;
        segment = this.#table.segment(start);
        end = start + this.#width;
      }
      const slot = segment.append(this.#groups.of(rows, row));
      (segment.columns[TIME] as Float64Array)[slot] = time;
      (segment.columns[ARRIVAL] as Float64Array)[slot] = rows.arrivalOf(row);
      for (let place = 0; place < this.#places; place++) this.#write(segment, slot, place, rows.valueOf(row, place));
    }
  }

  #write(segment: Segment, slot: number, place: number, value: unknown): void {
    const at = this.#layout.firstColumn + place;
    const column = segment.columns[at]!;
    if (!(column instanceof Float64Array)) column[slot] = value;
    else if (value === null) {
      const mask = segment.columns[maskColumn(place)] as Float64Array;
      mask[slot] = mask[slot]! + nullBit(place);
    } else if (typeof value === 'number') column[slot] = value;
    else if (typeof value === 'boolean') column[slot] = value ? 1 : 0;
    else segment.writeLong(at, slot, value as bigint);
  }

  /** Loads the rows that are due up to the watermark. */
  load(watermark: number): void | Promise<void> {
    if (this.#table.firstTime <= watermark) return this.#table.load(Number.NEGATIVE_INFINITY, watermark);
  }

  /** Moves the rows that are due up to the watermark to the rows in memory. Call `load` first. */
  takeDue(watermark: number, into: WaitingRows): void {
    for (const segment of this.#table.due(watermark)) {
      const slots = segment.slots();
      const times = segment.columns[TIME] as Float64Array;
      const arrivals = segment.columns[ARRIVAL] as Float64Array;
      const taken = slots.filter((slot) => times[slot]! <= watermark);
      for (const slot of taken) {
        const row = into.open(times[slot]!, arrivals[slot]!);
        for (let place = 0; place < this.#places; place++) into.set(row, place, this.#read(segment, slot, place));
      }
      if (taken.length === slots.length) this.#table.drop(segment);
      else for (const slot of taken) segment.remove(slot);
    }
  }

  #read(segment: Segment, slot: number, place: number): unknown {
    const at = this.#layout.firstColumn + place;
    const values = segment.columns[at]!;
    if (!(values instanceof Float64Array)) return values[slot];
    if (isNullBit((segment.columns[maskColumn(place)] as Float64Array)[slot]!, place)) return null;
    switch (this.#layout.physicalAt(place)) {
      case 'boolean':
        return values[slot] === 1;
      case 'long':
        return segment.readLong(at, slot);
      default:
        return values[slot];
    }
  }

  count(): Promise<number> {
    return this.#table.count();
  }
}
