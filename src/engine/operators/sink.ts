import type { Batch } from '../../batch/batch.ts';
import type { Sink } from '../sink.ts';
import type { Operator } from './operator.ts';

/**
 * The end of a plan: hands rows to the connector's sink. Its epochs are the coordinator's business.
 */
export class SinkOperator implements Operator {
  readonly sink: Sink;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  onBatch(batch: Batch): void | Promise<void> {
    if (batch.selected > 0) return this.sink.write(batch);
  }
}
