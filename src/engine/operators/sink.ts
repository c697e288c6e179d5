import type { Batch } from '../../batch/batch.ts';
import type { Operator } from '../operator.ts';
import type { PreparedEpoch, Sink } from '../sink.ts';

/** The end of a plan. It passes rows to the connector's sink and closes the epochs of the sink. */
export class SinkOperator implements Operator {
  readonly sink: Sink;

  constructor(sink: Sink) {
    this.sink = sink;
  }

  onBatch(batch: Batch): void | Promise<void> {
    if (batch.selected > 0) return this.sink.write(batch);
  }

  prepare(epoch: number): PreparedEpoch {
    return this.sink.prepare(epoch);
  }
}
