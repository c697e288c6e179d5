import { Batch } from '../../batch/batch.ts';
import { ConstantVector, NumberVector, ObjectVector, type Vector, VectorBuilder } from '../../batch/vector.ts';
import { type DataType, type Field, physicalOf } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Segment, StateColumn, StateStore, TimedTable } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';
import { orderRows, type RowOrder, rowOrder, type UnorderedRows } from './row-order.ts';

/** Rows in order of time: physical rows `rows[0..count-1]` (null = all) of the batch, with their times. */
export interface SortedRows {
  readonly batch: Batch;
  readonly rows: Int32Array | null;
  readonly count: number;
  readonly times: Float64Array;
}

/** Rows that a bucket should hold: few enough to look through again when only some are due. */
const ROWS_PER_BUCKET = 128;
/** NULLs of numeric columns are bits of a float: that many fit exactly. */
const BITS = 50;
const TIME = 0;
const ARRIVAL = 1;

/**
 * Holds rows until the watermark passes their time, and gives them back in order of (time, ORDER BY, arrival).
 *
 * Rows wait in a time-ordered table, in buckets that follow the density of the stream; the order within is made when rows leave. Rows that are due in
 * the batch that brings them never enter the table, and a batch whose rows are all due and in order is passed on as it is.
 */
export class RowSorter {
  readonly #table: TimedTable;
  readonly #fields: readonly Field[];
  /** Input columns that are kept, and the state column of each. */
  readonly #columns: readonly number[];
  readonly #firstColumn: number;
  /** Place of each input column in `#columns`, -1 where it is not kept. */
  readonly #placeOf: Int32Array;
  readonly #order: RowOrder;
  #width = 1024;
  #segment: Segment | null = null;
  #segmentEnd = 0;
  /** Number of the next row to arrive; part of the operator's snapshot. */
  arrivals = 0;

  constructor(
    store: StateStore,
    table: { readonly operator: number; readonly table: number },
    fields: readonly Field[],
    columns: readonly number[],
    order: MatchNode['order'],
  ) {
    this.#fields = fields;
    this.#columns = columns;
    this.#placeOf = new Int32Array(fields.length).fill(-1);
    columns.forEach((column, place) => {
      this.#placeOf[column] = place;
    });
    const masks = Math.ceil(columns.length / BITS);
    this.#firstColumn = 2 + masks;
    const fixed: StateColumn[] = Array.from({ length: this.#firstColumn }, () => ({ kind: 'number' }));
    this.#table = store.timedTable({
      ...table,
      name: 'sorter',
      key: [],
      columns: [...fixed, ...columns.map((column) => stateColumn(fields[column]!.type))],
    });
    this.#order = rowOrder(order, (column) => fields[column]!.type);
  }

  /** Starts on a batch: rows of it that must wait follow. `msPerRow` is how far apart its rows are. */
  beginAdding(msPerRow: number): void {
    this.#segment = null;
    const wanted = Math.max(1, msPerRow * ROWS_PER_BUCKET);
    if (wanted > this.#width * 4 || wanted < this.#width / 4) this.#width = 2 ** Math.round(Math.log2(wanted));
  }

  /** Keeps a row for later. */
  add(batch: Batch, row: number, time: number): void {
    if (this.#segment === null || time >= this.#segmentEnd || time < this.#segment.time) {
      const start = Math.floor(time / this.#width) * this.#width;
      this.#segment = this.#table.segment(start);
      this.#segmentEnd = start + this.#width;
    }
    const segment = this.#segment;
    const slot = segment.append();
    const { columns } = segment;
    (columns[TIME] as Float64Array)[slot] = time;
    (columns[ARRIVAL] as Float64Array)[slot] = this.arrivals++;
    for (let place = 0; place < this.#columns.length; place++) {
      this.#write(segment, slot, place, batch.columns[this.#columns[place]!]!.get(row));
    }
  }

  #write(segment: Segment, slot: number, place: number, value: unknown): void {
    const at = this.#firstColumn + place;
    const column = segment.columns[at]!;
    if (!(column instanceof Float64Array)) column[slot] = value;
    else if (value === null) {
      const mask = segment.columns[2 + Math.floor(place / BITS)] as Float64Array;
      mask[slot] = mask[slot]! + 2 ** (place % BITS);
    } else if (typeof value === 'number') column[slot] = value;
    else if (typeof value === 'boolean') column[slot] = value ? 1 : 0;
    else segment.writeLong(at, slot, value as bigint);
  }

  /** Earliest time at which a row may be due. */
  get firstTime(): number {
    return this.#table.firstTime;
  }

  /** Brings what is due up to the watermark into memory. */
  load(watermark: number): void | Promise<void> {
    if (this.#table.firstTime > watermark) return;
    const loading = this.#table
      .due(watermark)
      .map((segment) => segment.load())
      .filter((promise) => promise !== undefined);
    if (loading.length > 0) return Promise.all(loading).then(() => {});
  }

  /**
   * Takes out the rows with a time up to the watermark, and puts the rows of the batch that are due at once among them: its physical rows
   * `direct[0..count-1]` (ascending) with their times. Call `load` first.
   */
  release(watermark: number, batch: Batch, direct: Int32Array, times: Float64Array, count: number): SortedRows {
    const firstArrival = this.arrivals;
    this.arrivals += count;
    const waiting = this.#table.firstTime <= watermark ? this.#takeDue(watermark) : [];
    const rows = new MixedRows(this, waiting, batch, direct, times, count, firstArrival);
    const order = orderRows(rows, this.#order);
    if (waiting.length === 0 && order === null) return { batch, rows: direct, count, times };
    const sorted = this.#gather(rows, order);
    for (const { segment, slot } of waiting) segment.remove(slot);
    this.#dropEmpty(watermark);
    return sorted;
  }

  #takeDue(watermark: number): WaitingRow[] {
    const due: WaitingRow[] = [];
    for (const segment of this.#table.due(watermark)) {
      const times = segment.columns[TIME] as Float64Array;
      const arrivals = segment.columns[ARRIVAL] as Float64Array;
      for (const slot of segment.slots()) {
        if (times[slot]! <= watermark) due.push({ segment, slot, time: times[slot]!, arrival: arrivals[slot]! });
      }
    }
    return due;
  }

  #dropEmpty(watermark: number): void {
    for (const segment of this.#table.due(watermark)) {
      if (segment.slots().length === 0) this.#table.drop(segment);
    }
    this.#segment = null;
  }

  /** Value of an input column of a waiting row. */
  valueOf(row: WaitingRow, column: number): unknown {
    const place = this.#placeOf[column]!;
    if (place < 0) return null;
    const at = this.#firstColumn + place;
    const { segment, slot } = row;
    const values = segment.columns[at]!;
    if (!(values instanceof Float64Array)) return values[slot];
    const mask = (segment.columns[2 + Math.floor(place / BITS)] as Float64Array)[slot]!;
    if (mask !== 0 && Math.floor(mask / 2 ** (place % BITS)) % 2 === 1) return null;
    switch (physicalOf(this.#fields[column]!.type)) {
      case 'boolean':
        return values[slot] === 1;
      case 'long':
        return segment.readLong(at, slot);
      default:
        return values[slot];
    }
  }

  #gather(rows: MixedRows, order: Int32Array | null): SortedRows {
    const { count } = rows;
    const times = new Float64Array(count);
    for (let k = 0; k < count; k++) times[k] = rows.times[order === null ? k : order[k]!]!;
    const columns: Vector[] = this.#fields.map((_field, column) =>
      this.#placeOf[column]! < 0 ? NOT_KEPT : this.#gatherColumn(rows, order, column),
    );
    return { batch: new Batch(count, columns), rows: null, count, times };
  }

  #gatherColumn(rows: MixedRows, order: Int32Array | null, column: number): Vector {
    const { count } = rows;
    const { type } = this.#fields[column]!;
    const physical = physicalOf(type);
    if (physical === 'text' || physical === 'object') {
      const values = new Array<unknown>(count);
      for (let k = 0; k < count; k++) values[k] = rows.value(order === null ? k : order[k]!, column);
      return new ObjectVector(values);
    }
    if (physical === 'number') {
      const values = new Float64Array(count);
      let nulls: Uint8Array | null = null;
      for (let k = 0; k < count; k++) {
        const value = rows.value(order === null ? k : order[k]!, column);
        if (value !== null) values[k] = value as number;
        else {
          nulls ??= new Uint8Array(count);
          nulls[k] = 1;
        }
      }
      return new NumberVector(values, nulls);
    }
    const builder = new VectorBuilder(type, count);
    for (let k = 0; k < count; k++) builder.set(k, rows.value(order === null ? k : order[k]!, column));
    return builder.finish();
  }

  count(): Promise<number> {
    return this.#table.count();
  }
}

const NOT_KEPT = new ConstantVector(null);

interface WaitingRow {
  readonly segment: Segment;
  readonly slot: number;
  readonly time: number;
  readonly arrival: number;
}

/** Rows that waited, then rows of the batch. */
class MixedRows implements UnorderedRows {
  readonly count: number;
  readonly times: Float64Array;
  readonly arrivals: Float64Array;
  readonly #sorter: RowSorter;
  readonly #waiting: readonly WaitingRow[];
  readonly #batch: Batch;
  readonly #direct: Int32Array;

  constructor(
    sorter: RowSorter,
    waiting: readonly WaitingRow[],
    batch: Batch,
    direct: Int32Array,
    times: Float64Array,
    count: number,
    firstArrival: number,
  ) {
    this.#sorter = sorter;
    this.#waiting = waiting;
    this.#batch = batch;
    this.#direct = direct;
    this.count = waiting.length + count;
    this.times = new Float64Array(this.count);
    this.arrivals = new Float64Array(this.count);
    for (const [i, row] of waiting.entries()) {
      this.times[i] = row.time;
      this.arrivals[i] = row.arrival;
    }
    for (let i = 0; i < count; i++) {
      this.times[waiting.length + i] = times[i]!;
      this.arrivals[waiting.length + i] = firstArrival + i;
    }
  }

  value(n: number, column: number): unknown {
    if (n < this.#waiting.length) return this.#sorter.valueOf(this.#waiting[n]!, column);
    return this.#batch.columns[column]!.get(this.#direct[n - this.#waiting.length]!);
  }
}

function stateColumn(type: DataType): StateColumn {
  switch (physicalOf(type)) {
    case 'number':
    case 'boolean':
      return { kind: 'number' };
    case 'long':
      return { kind: 'long' };
    default:
      return { kind: 'value', codec: codecOf(type) };
  }
}
