import { INSERT } from '../../batch/batch.ts';
import { BatchBuilder } from '../../batch/batch-builder.ts';
import type { Field } from '../../core/data-type.ts';
import type { ScalarExpression } from '../expressions/evaluate.ts';
import type { Output } from '../operators/operator.ts';
import type { MatchBinding } from './match-binding.ts';
import type { PathNode } from './partial-match.ts';

/** Makes the result rows, partition columns and then measures, and sends them with the watermarks between them. */
export class MatchResults {
  readonly #measures: readonly ScalarExpression<MatchBinding>[];
  readonly #binding: MatchBinding = { path: null, current: null, variable: -1, time: 0 };
  readonly #builder: BatchBuilder;
  /** Of the call under way. */
  #out: Output | null = null;

  constructor(fields: readonly Field[], measures: readonly ScalarExpression<MatchBinding>[], batchRows: number) {
    this.#measures = measures;
    this.#builder = new BatchBuilder(
      fields.map(({ type }) => type),
      batchRows,
      (batch) => this.#out!.emit(batch),
    );
  }

  begin(out: Output): void {
    this.#out = out;
  }

  /** The row of a match that ends with `path`, found when `time` was being processed. */
  match(path: PathNode, time: number, key: readonly unknown[]): void {
    const row = this.#builder.row(INSERT);
    for (const [column, value] of key.entries()) this.#builder.set(column, row, value);
    this.#binding.path = path;
    this.#binding.time = time;
    for (const [i, measure] of this.#measures.entries()) {
      this.#builder.set(key.length + i, row, measure(this.#binding));
    }
    this.#binding.path = null;
  }

  /** What came before was caused at or before this watermark. */
  mark(watermark: number): void {
    this.#builder.mark(watermark);
  }

  end(): void {
    this.#builder.flush();
    this.#out = null;
  }
}
