import { Batch, type WatermarkMarks } from '../../batch/batch.ts';
import { VectorBuilder } from '../../batch/vector.ts';
import type { Field } from '../../core/data-type.ts';
import type { ScalarExpression } from '../expressions/evaluate.ts';
import type { Output } from '../operators/operator.ts';
import type { MatchBinding } from './match-binding.ts';
import type { PathNode } from './partial-match.ts';

/**
 * Makes the result rows, partition columns and then measures, and sends them with the watermarks between them in batches of a bounded size. Every
 * watermark is kept, also where no row stands between two: what a consumer does at a watermark may depend on its value.
 */
export class MatchResults {
  readonly #fields: readonly Field[];
  readonly #measures: readonly ScalarExpression<MatchBinding>[];
  readonly #batchRows: number;
  readonly #binding: MatchBinding = { path: null, current: null, variable: -1, time: 0 };
  #rows: unknown[][] = [];
  #positions: number[] = [];
  #watermarks: number[] = [];
  /** Of the call under way. */
  #out: Output | null = null;

  constructor(fields: readonly Field[], measures: readonly ScalarExpression<MatchBinding>[], batchRows: number) {
    this.#fields = fields;
    this.#measures = measures;
    this.#batchRows = batchRows;
  }

  begin(out: Output): void {
    this.#out = out;
  }

  /** The row of a match that ends with `path`, found when `time` was being processed. */
  match(path: PathNode, time: number, key: readonly unknown[]): void {
    if (this.#rows.length >= this.#batchRows) this.#send();
    const row = [...key];
    this.#binding.path = path;
    this.#binding.time = time;
    for (const measure of this.#measures) row.push(measure(this.#binding));
    this.#binding.path = null;
    this.#rows.push(row);
  }

  /** What came before was caused at or before this watermark. */
  mark(watermark: number): void {
    this.#positions.push(this.#rows.length);
    this.#watermarks.push(watermark);
  }

  end(): void {
    if (this.#rows.length > 0 || this.#positions.length > 0) this.#send();
    this.#out = null;
  }

  #send(): void {
    const rows = this.#rows;
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
            values: Float64Array.from(this.#watermarks),
          };
    this.#rows = [];
    this.#positions = [];
    this.#watermarks = [];
    this.#out!.emit(new Batch(rows.length, columns, null, null, rows.length, marks));
  }
}
