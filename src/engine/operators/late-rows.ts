import type { Batch } from '../../batch/batch.ts';
import type { Operator, Output } from '../operator.ts';

/** Passes on the late rows that a window or a pattern emits. They have no watermarks. */
export class LateRowsOperator implements Operator {
  readonly results = 'in-place';
  onBatch(batch: Batch, _input: number, out: Output): void {
    out.emit(batch);
  }
}
