import type { DataType } from '../core/data-type.ts';
import { Batch, MIN_WATERMARK, type WatermarkMarks } from './batch.ts';
import { VectorBuilder } from './vector.ts';

const FIRST_ROOM = 16;

/**
 * Makes the batches of an operator that creates rows. The operator appends rows one by one with
 * their kinds, and watermarks between them. Full batches go to `emit`; `flush` sends the rest.
 */
export class BatchBuilder {
  readonly #types: readonly DataType[];
  readonly #capacity: number;
  readonly #emit: (batch: Batch) => void;
  #columns: VectorBuilder[] = [];
  /** The number of rows for which the columns have room. */
  #room = 0;
  #kinds: Uint8Array | null = null;
  #size = 0;
  #positions = new Int32Array(64);
  #values = new Float64Array(64);
  #marks = 0;
  #lastMark = MIN_WATERMARK;

  constructor(types: readonly DataType[], capacity: number, emit: (batch: Batch) => void) {
    this.#types = types;
    this.#capacity = capacity;
    this.#emit = emit;
  }

  /** Returns the position of the new row. The caller must set every column of this position. */
  row(kind: number): number {
    if (this.#size === this.#capacity) this.flush();
    if (this.#size === this.#room) this.#makeRoom();
    const row = this.#size++;
    if (kind !== 0 && this.#kinds === null) this.#kinds = new Uint8Array(this.#capacity);
    if (this.#kinds !== null) this.#kinds[row] = kind;
    return row;
  }

  /**
   * Makes room for more rows. Starts with a small room, because most batches of rare results stay
   * small.
   */
  #makeRoom(): void {
    const room = Math.min(this.#capacity, Math.max(FIRST_ROOM, this.#room * 4));
    if (this.#room === 0) this.#columns = this.#types.map((type) => new VectorBuilder(type, room));
    else for (const column of this.#columns) column.grow(room);
    this.#room = room;
  }

  set(column: number, row: number, value: unknown): void {
    this.#columns[column]!.set(row, value);
  }

  /**
   * Adds a watermark after the rows so far. Drops it if it does not grow. Keeps each growing
   * watermark, even without rows in between, because a later pattern emits held-back matches at the
   * first watermark that reaches their bound. That watermark is part of the result.
   */
  mark(watermark: number): void {
    if (watermark <= this.#lastMark) return;
    this.#lastMark = watermark;
    if (this.#marks === this.#positions.length) this.#growMarks();
    this.#positions[this.#marks] = this.#size;
    this.#values[this.#marks++] = watermark;
  }

  #growMarks(): void {
    const positions = new Int32Array(this.#marks * 2);
    positions.set(this.#positions);
    this.#positions = positions;
    const values = new Float64Array(this.#marks * 2);
    values.set(this.#values);
    this.#values = values;
  }

  flush(): void {
    const count = this.#marks;
    const marks: WatermarkMarks | null =
      count === 0 ? null : { count, positions: this.#positions.slice(0, count), values: this.#values.slice(0, count) };
    if (this.#size === 0 && marks === null) return;
    if (this.#columns.length === 0) this.#columns = this.#types.map((type) => new VectorBuilder(type, 0));
    const columns = this.#columns.map((c) => c.finish());
    const batch = new Batch(this.#size, columns, this.#kinds, null, this.#size, marks);
    this.#columns = [];
    this.#room = 0;
    this.#kinds = null;
    this.#size = 0;
    this.#marks = 0;
    this.#emit(batch);
  }
}
