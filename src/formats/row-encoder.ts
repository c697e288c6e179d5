import type { Batch } from '../batch/batch.ts';
import type { ByteOutput } from './byte-output.ts';

/**
 * Writes the selected rows of a batch as records, each with its end. The port between byte sinks
 * and formats.
 */
export interface RowEncoder {
  encode(batch: Batch, output: ByteOutput): void;
}
