import type { Batch } from '../batch/batch.ts';
import type { ByteOutput } from './byte-output.ts';

/**
 * Writes rows as records. This is the port between sinks and formats. A record does not include a
 * separator. A sink of byte streams separates records (`encodeLines`). A sink of messages uses the
 * boundaries of the records (`encodeRecords`).
 */
export interface RowEncoder {
  /** Writes one row of the batch, by its physical position. */
  encodeRow(batch: Batch, row: number, output: ByteOutput): void;
}

const NEWLINE = Buffer.from('\n');

/** Writes the selected rows of a batch, a line each. */
export function encodeLines(encoder: RowEncoder, batch: Batch, output: ByteOutput): void {
  const { selection, selected } = batch;
  for (let i = 0; i < selected; i++) {
    encoder.encodeRow(batch, selection === null ? i : selection[i]!, output);
    output.literal(NEWLINE);
  }
}
