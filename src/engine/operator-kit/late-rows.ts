import { Batch } from '../../batch/batch.ts';
import type { Output } from '../operator.ts';

/** Returns a list for the late rows of a batch; null: no operator reads them. */
export const lateRowsFor = (out: Output): LateRows | null => (out.emitLate === undefined ? null : new LateRows());

/** The late rows of one batch, in their order. */
export class LateRows {
  readonly #rows: number[] = [];

  /** `row`: the physical position in the batch. */
  add(row: number): void {
    this.#rows.push(row);
  }

  /** Emits the rows without watermarks. */
  emit({ size, columns, kinds }: Batch, out: Output): void {
    if (this.#rows.length === 0) return;
    out.emitLate!(new Batch(size, columns, kinds, Int32Array.from(this.#rows), this.#rows.length, null));
  }
}
