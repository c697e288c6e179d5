import { Batch, type WatermarkMarks } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import type { Field } from '../../core/data-type.ts';
import type { Output } from '../operators/operator.ts';

/** Collects result rows and the watermarks between them, and sends them in batches of a bounded size. */
export class MatchOutput {
  readonly #fields: readonly Field[];
  readonly #batchRows: number;
  #rows: (readonly unknown[])[] = [];
  #positions: number[] = [];
  #values: number[] = [];

  constructor(fields: readonly Field[], batchRows: number) {
    this.#fields = fields;
    this.#batchRows = batchRows;
  }

  row(values: readonly unknown[], out: Output): void {
    if (this.#rows.length >= this.#batchRows) this.flush(out);
    this.#rows.push(values);
  }

  /** What came before was caused at or before this watermark. */
  mark(watermark: number): void {
    this.#positions.push(this.#rows.length);
    this.#values.push(watermark);
  }

  flush(out: Output): void {
    const rows = this.#rows;
    if (rows.length === 0 && this.#positions.length === 0) return;
    const columns = this.#fields.map(({ type }, column) => {
      const builder = new VectorBuilder(type, rows.length);
      for (let i = 0; i < rows.length; i++) builder.set(i, rows[i]![column]);
      return builder.finish();
    });
    const marks: WatermarkMarks | null =
      this.#positions.length === 0
        ? null
        : {
            count: this.#positions.length,
            positions: Int32Array.from(this.#positions),
            values: Float64Array.from(this.#values),
          };
    this.#rows = [];
    this.#positions = [];
    this.#values = [];
    out.emit(new Batch(rows.length, columns, null, null, rows.length, marks));
  }
}
