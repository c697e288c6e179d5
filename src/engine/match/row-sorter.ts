import { Batch } from '../../batch/batch.ts';
import { ConstantVector, type Vector } from '../../batch/vector.ts';
import { type DataType, type Field, physicalOf } from '../../core/data-type.ts';
import type { MatchNode } from '../../plan/match-node.ts';
import type { StateColumn, StateStore } from '../state/state-store.ts';
import { codecOf } from '../state/value-codec.ts';
import { RowGroups } from './row-groups.ts';
import { type RowLayout, rowLayout } from './row-layout.ts';
import { type RowOrder, rowOrder, TimeSort } from './row-order.ts';
import { StoredRows } from './stored-rows.ts';
import { WaitingRows } from './waiting-rows.ts';

/**
 * Rows in order of time: physical rows `rows[0..count-1]` (null = all) of the batch, with their
 * times. Valid until the next release.
 */
export interface SortedRows {
  readonly batch: Batch;
  readonly rows: Int32Array | null;
  readonly count: number;
  readonly times: Float64Array;
}

/** Limits of waiting rows in memory: rows, and bytes of one column. */
const MEMORY_ROWS = 16384;
const MEMORY_BYTES = 4 << 20;

/**
 * Keeps rows until the watermark passes their time, and returns them in the order of (time, ORDER
 * BY, arrival).
 *
 * Rows wait in typed arrays (`waiting-rows.ts`). They move to a time-ordered table
 * (`stored-rows.ts`) when there are many, and at each barrier, so that the checkpoint contains
 * them. A row that waits only briefly is never encoded. A batch whose rows are all due and in order
 * is passed on unchanged.
 */
export class RowSorter {
  readonly #waiting: WaitingRows;
  readonly #stored: StoredRows;
  readonly #layout: RowLayout;
  readonly #compare: RowOrder;
  readonly #sort = new TimeSort();
  /** Number of the next row to arrive; part of the operator's snapshot. */
  arrivals = 0;

  constructor(
    store: StateStore,
    table: { readonly operator: number; readonly table: number },
    fields: readonly Field[],
    columns: readonly number[],
    order: MatchNode['order'],
    partition: MatchNode['partition'],
  ) {
    this.#layout = rowLayout(fields, columns);
    const fixed: StateColumn[] = Array.from({ length: this.#layout.firstColumn }, () => ({ kind: 'number' }));
    const timed = store.timedTable({
      ...table,
      name: 'sorter',
      key: [],
      columns: [...fixed, ...columns.map((column) => stateColumn(fields[column]!.type))],
    });
    this.#waiting = new WaitingRows(this.#layout, columns);
    const groups = new RowGroups(
      partition.map((column) => ({ place: columns.indexOf(column), type: fields[column]!.type })),
    );
    this.#stored = new StoredRows(timed, this.#layout, columns.length, groups);
    this.#compare = rowOrder(order, (column) => fields[column]!.type);
  }

  /** Keeps rows of a batch for later. `msPerRow` is the time between rows of the stream. */
  hold(batch: Batch, rows: Int32Array, times: Float64Array, count: number, msPerRow: number): void {
    if (count === 0) return;
    this.#stored.setSpacing(msPerRow);
    this.#waiting.append(batch, rows, times, count, this.arrivals);
    this.arrivals += count;
    if (this.#waiting.size > MEMORY_ROWS || this.#waiting.textBytes > MEMORY_BYTES) this.flush();
  }

  /** Moves the rows in memory to the table. Called at each barrier. */
  flush(): void {
    this.#stored.write(this.#waiting);
    this.#waiting.clear();
  }

  /** Returns the number of rows that wait in memory. */
  get inMemory(): number {
    return this.#waiting.size;
  }

  /** Loads the rows that are due up to the watermark. */
  load(watermark: number): void | Promise<void> {
    return this.#stored.load(watermark);
  }

  /**
   * Removes and returns the rows with a time up to the watermark. Merges them with the rows of the
   * batch that are already due: the physical rows `direct[0..count-1]` (ascending) with their
   * times. Call `load` first.
   */
  release(watermark: number, batch: Batch, direct: Int32Array, times: Float64Array, count: number): SortedRows {
    if (this.#stored.firstTime <= watermark) this.#stored.takeDue(watermark, this.#waiting);
    const waited = this.#waiting.take(watermark, batch, direct, times, count, this.arrivals);
    this.arrivals += count;
    const order = this.#sort.order(this.#waiting, this.#compare);
    let sorted: SortedRows = { batch, rows: direct, count, times };
    if (waited > 0 || order !== null) {
      const columns = new Array<Vector>(this.#layout.fields.length).fill(NOT_KEPT);
      const inOrder = this.#waiting.gather(order, columns);
      const all = waited + count;
      sorted = { batch: new Batch(all, columns), rows: null, count: all, times: inOrder };
    }
    this.#waiting.settle();
    return sorted;
  }

  /** Returns the number of rows that wait in memory and in the table. */
  async count(): Promise<number> {
    return this.#waiting.size + (await this.#stored.count());
  }
}

const NOT_KEPT = new ConstantVector(null);

/** Returns the form of a column of waiting rows in the state. */
export function stateColumn(type: DataType): StateColumn {
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
