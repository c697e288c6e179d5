import type { Batch } from '../../batch/batch.ts';
import type { Operator, Output } from '../operator.ts';

/** The first operator of a source's chain. The source reader sends its rows. */
export class ScanOperator implements Operator {
  readonly results = 'in-place';
  onBatch(batch: Batch, _input: number, out: Output): void {
    out.emit(batch);
  }
}
