import type { Batch } from '../batch/batch.ts';
import type { ByteRanges } from './byte-ranges.ts';

/**
 * Converts bytes to rows of the wanted fields. This is the port between connectors and formats.
 * Connectors of byte streams (files, HTTP bodies) call `decode`, connectors of messages call
 * `decodeValues`. Both give the same rows for the same records.
 */
export interface RowDecoder {
  /**
   * Returns the position after the last line break in `buffer[from, to)`, or `from`. The connector
   * passes bytes up to there to `decode`.
   */
  endOfLines(buffer: Buffer, from: number, to: number): number;
  /**
   * Returns the position after the header of a file that begins at `from`; `from` if more bytes are
   * needed. Absent: files have no header.
   */
  headerEnd?(buffer: Buffer, from: number, to: number): number;
  /**
   * Reads whole records from `buffer[from, to)`, at most `maxRows`; `to` is after a record's end
   * (the connector adds a newline at the end of a file without one). A record may have several
   * rows: `taken` rows of the first one were returned before. May change bytes of records it has
   * consumed. The batch's memory is reused at the next call.
   */
  decode(buffer: Buffer, from: number, to: number, maxRows: number, taken?: number): Decoded;
  /**
   * Reads one record from each range of `values`, from range `from` on, at most `maxRows` rows. A
   * record without a value gives no row. May change bytes of records it has consumed. The batch's
   * memory is reused at the next call.
   */
  decodeValues(values: ByteRanges, from: number, maxRows: number, taken?: number): DecodedValues;
}

export interface Decoded {
  readonly batch: Batch;
  /** First byte that was not consumed. */
  readonly next: number;
  /** Rows of the record at `next` that were returned, in this call and before. Absent: none. */
  readonly taken?: number;
}

export interface DecodedValues {
  readonly batch: Batch;
  /** The range that each row of the batch comes from; reused at the next call. */
  readonly ranges: Int32Array;
  /** First range that was not consumed. */
  readonly next: number;
  /**
   * Rows of the record in range `next` that were returned, in this call and before. Absent: none.
   */
  readonly taken?: number;
}

/**
 * Handles a record that is not a row (`MalformedRecords` of the connectors). Throws when the
 * table's options say that such a record fails the job. `buffer[start, end)` are its raw bytes;
 * `range` is its number in the ranges of `decodeValues`, -1 in a byte stream.
 */
export type MalformedHandler = (reason: string, buffer: Buffer, start: number, end: number, range: number) => void;
