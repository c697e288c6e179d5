import { Batch } from '../../batch/batch.ts';
import { ConstantVector, NumberVector, ObjectVector, type Vector, VectorBuilder } from '../../batch/vector.ts';
import { type DataType, type Field, physicalOf } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { Segment, StateColumn, StateStore, TimedTable } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';
import { MixedRows } from './mixed-rows.ts';
import { ARRIVAL, maskColumn, nullBit, type RowLayout, rowLayout, TIME } from './row-layout.ts';
import { orderRows, type RowOrder, rowOrder } from './row-order.ts';

/** Rows in order of time: physical rows `rows[0..count-1]` (null = all) of the batch, with their times. */
export interface SortedRows {
  readonly batch: Batch;
  readonly rows: Int32Array | null;
  readonly count: number;
  readonly times: Float64Array;
}

/** Rows that a bucket should hold: few enough to look through again when only some are due. */
const ROWS_PER_BUCKET = 128;

/**
 * Holds rows until the watermark passes their time, and gives them back in order of (time, ORDER BY, arrival).
 *
 * Rows wait in a time-ordered table, in buckets that follow the density of the stream; the order within is made when rows leave. Rows that are due in
 * the batch that brings them never enter the table, and a batch whose rows are all due and in order is passed on as it is.
 */
export class RowSorter {
  readonly #table: TimedTable;
  /** Input columns that are kept, in the order of their state columns. */
  readonly #columns: readonly number[];
  readonly #layout: RowLayout;
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
    this.#columns = columns;
    this.#layout = rowLayout(fields, columns);
    const fixed: StateColumn[] = Array.from({ length: this.#layout.firstColumn }, () => ({ kind: 'number' }));
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
    const rows = new MixedRows(this.#layout, count);
    if (this.#table.firstTime <= watermark) {
      for (const segment of this.#table.due(watermark)) rows.addDue(segment, watermark);
    }
    const waiting = rows.count;
    rows.addBatch(batch, direct, times, count, this.arrivals);
    this.arrivals += count;
    const order = orderRows(rows, this.#order);
    if (waiting === 0 && order === null) return { batch, rows: direct, count, times };
    const sorted = this.#gather(rows, order);
    rows.removeFromState();
    for (const segment of this.#table.due(watermark)) {
      if (rows.leavesEmpty(segment)) this.#table.drop(segment);
    }
    this.#segment = null;
    return sorted;
  }

  #gather(rows: MixedRows, order: Int32Array | null): SortedRows {
    const { count } = rows;
    const times = order === null ? rows.times : new Float64Array(count);
    if (order !== null) for (let k = 0; k < count; k++) times[k] = rows.times[order[k]!]!;
    const columns: Vector[] = this.#layout.fields.map((_field, column) =>
      this.#layout.placeOf[column]! < 0 ? NOT_KEPT : this.#gatherColumn(rows, order, column),
    );
    return { batch: new Batch(count, columns), rows: null, count, times };
  }

  #gatherColumn(rows: MixedRows, order: Int32Array | null, column: number): Vector {
    const { count } = rows;
    const { type } = this.#layout.fields[column]!;
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
