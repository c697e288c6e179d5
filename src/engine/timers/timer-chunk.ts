import { type ByteReader, ByteWriter } from '../state/byte-codec.ts';
import { KEY_GROUPS, keyGroupOf } from '../state/entry-key.ts';
import type { KeyBytes, ValueCodec } from '../state/state-store.ts';

/**
 * `exact`: the timer may emit rows, exactly at its time. `cleanup`: the key's state may be empty
 * from about this time on. The timer emits nothing.
 */
export type TimerKind = 'exact' | 'cleanup';

/** The bytes are the encoded key. */
export interface KeyTimer extends KeyBytes {
  readonly time: number;
  /** The order of registration. It orders timers of the same time. */
  readonly sequence: number;
  readonly kind: TimerKind;
  /** The slot of the key's state; -1 before the lookup. Valid for one batch. */
  slot: number;
}

/** A chunk in memory is written to the table when it is larger than this. */
export const CHUNK_BYTES = 1 << 15;
const EXACT = 1;

/**
 * A chunk contains timers in the order of registration:
 * `time f64 | kind u8 | sequence varint | length of the key varint | key`. In the table, all timers
 * of a chunk have the same bucket and the same key group.
 */
export const chunkCodec: ValueCodec = {
  encode: (value, writer) => writer.bytes(value as Buffer),
  decode: (reader) => reader.bytes(),
  sizeOf: (value) => 100 + (value as Buffer).length,
};

/** Appends a timer to a chunk. */
export function writeTimer(
  chunk: ByteWriter,
  time: number,
  kind: TimerKind,
  sequence: number,
  key: Uint8Array,
  from: number,
  to: number,
): void {
  chunk.double(time);
  chunk.byte(kind === 'exact' ? EXACT : 0);
  chunk.varint(sequence);
  chunk.varint(to - from);
  chunk.raw(key, from, to);
}

/** Reads the next timer of a chunk. Null if `wanted` rejects it. */
export function readTimer(reader: ByteReader, wanted: (time: number, exact: boolean) => boolean): KeyTimer | null {
  const time = reader.double();
  const exact = reader.byte() === EXACT;
  const sequence = reader.varint();
  const length = reader.varint();
  reader.position += length;
  if (!wanted(time, exact)) return null;
  const { buffer: bytes, position: to } = reader;
  return { time, sequence, kind: exact ? 'exact' : 'cleanup', bytes, from: to - length, to, slot: -1 };
}

/** Splits the timers of a chunk into one chunk per key group. */
export class GroupChunks {
  readonly #chunks = new Array<ByteWriter | undefined>(KEY_GROUPS);

  /** Calls `take` for each key group in the chunk, with the bytes of its timers. */
  split(chunk: ByteReader, take: (group: number, bytes: Buffer) => void): void {
    while (chunk.position < chunk.end) {
      const from = chunk.position;
      chunk.position += 9;
      chunk.varint();
      const length = chunk.varint();
      chunk.position += length;
      const group = keyGroupOf(chunk.buffer, chunk.position - length, chunk.position);
      this.#chunkOf(group).raw(chunk.buffer, from, chunk.position);
    }
    for (let group = 0; group < KEY_GROUPS; group++) {
      const bytes = this.#chunks[group];
      if (bytes === undefined || bytes.position === 0) continue;
      take(group, bytes.finish());
      bytes.reset();
    }
  }

  #chunkOf(group: number): ByteWriter {
    let chunk = this.#chunks[group];
    if (chunk === undefined) {
      chunk = new ByteWriter(256);
      this.#chunks[group] = chunk;
    }
    return chunk;
  }
}
