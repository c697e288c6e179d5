import { Batch } from '../../batch/batch.ts';
import type { LimitNode } from '../../plan/nodes/limit.ts';
import type { Operator, Output } from '../operator.ts';

/**
 * LIMIT and OFFSET over an insert-only input, in the order of arrival. It narrows the selection.
 * Watermarks pass, also after the last row. The state is the number of rows that have arrived.
 */
export class LimitOperator implements Operator {
  readonly results = 'in-place';
  readonly #from: number;
  readonly #to: number;
  /** The number of rows so far. Rows after the last one that passes are not counted. */
  #seen = 0;

  constructor({ count, offset }: LimitNode) {
    this.#from = offset;
    this.#to = offset + count;
  }

  onBatch(batch: Batch, _input: number, out: Output): void {
    const { selected } = batch;
    const from = Math.min(selected, Math.max(0, this.#from - this.#seen));
    const to = Math.min(selected, Math.max(0, this.#to - this.#seen));
    this.#seen = Math.min(this.#to, this.#seen + selected);
    if (from === 0 && to === selected) {
      out.emit(batch);
      return;
    }
    if (from >= to && batch.marks === null) return;
    out.emit(new Batch(batch.size, batch.columns, batch.kinds, rowsBetween(batch, from, to), undefined, batch.marks));
  }

  snapshot(): unknown {
    return this.#seen;
  }

  restore(snapshot: unknown): void {
    this.#seen = snapshot as number;
  }
}

/** Returns the positions of the selected rows from number `from` to number `to - 1`. */
function rowsBetween({ selection }: Batch, from: number, to: number): Int32Array {
  if (selection !== null) return selection.slice(from, to);
  return Int32Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);
}
