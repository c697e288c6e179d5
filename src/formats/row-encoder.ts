import type { Batch } from '../batch/batch.ts';
import type { ByteOutput } from './byte-output.ts';

/**
 * Writes rows as records: the port between sinks and formats. A record does not include its end: a
 * sink of byte streams separates records (`encodeLines`), a sink of messages takes their boundaries
 * (`encodeRecords`).
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
