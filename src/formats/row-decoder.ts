import type { Batch } from '../batch/batch.ts';

/** Turns bytes into rows of the wanted fields: the port between byte connectors and formats. */
export interface RowDecoder {
  /**
   * Reads whole records from `buffer[from, to)`, at most `maxRows`; `to` lies behind a record's end
   * (the connector adds a newline at the end of a file that lacks one). May change bytes of records
   * it has consumed. The batch's memory is reused at the next call.
   */
  decode(buffer: Buffer, from: number, to: number, maxRows: number): Decoded;
}

export interface Decoded {
  readonly batch: Batch;
  /** First byte that was not consumed. */
  readonly next: number;
}

/**
 * What happens to a record that is not a row. Throws when the table's options say that it fails the
 * job; otherwise counts it, and keeps reason and raw bytes where a dead-letter file is set.
 */
export type MalformedHandler = (reason: string, buffer: Buffer, start: number, end: number) => void;
