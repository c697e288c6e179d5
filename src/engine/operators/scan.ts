import type { Batch } from '../../batch/batch.ts';
import type { Operator, Output } from './operator.ts';

/** The head of a source's chain: rows come from the source task. */
export class ScanOperator implements Operator {
  readonly results = 'in-place';
  onBatch(batch: Batch, _input: number, out: Output): void {
    out.emit(batch);
  }
}
