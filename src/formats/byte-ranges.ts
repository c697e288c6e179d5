/**
 * Values or keys of records in one buffer. Each is one range of bytes. Connectors with messages
 * (Kafka, Kinesis, HTTP) pass records to a format in this form.
 */
export interface ByteRanges {
  readonly buffer: Buffer;
  readonly count: number;
  /** First byte of each range; -1: the record has none (a tombstone, a message without a key). */
  readonly starts: Int32Array;
  /** The position after the last byte of each range. */
  readonly ends: Int32Array;
}

/** Copies texts or bytes into a new buffer and returns their ranges. Null has no range. */
export function byteRanges(parts: readonly (Uint8Array | string | null)[]): ByteRanges {
  const pieces = parts.map((part) => (part === null ? null : Buffer.from(part as Uint8Array)));
  const starts = new Int32Array(parts.length).fill(-1);
  const ends = new Int32Array(parts.length).fill(-1);
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    if (piece === null) continue;
    starts[i] = at;
    at += piece.length;
    ends[i] = at;
  }
  return { buffer: Buffer.concat(pieces.filter((piece) => piece !== null)), count: parts.length, starts, ends };
}
