import { type ByteReader, ByteWriter } from '../state/byte-codec.ts';
import { KEY_GROUPS, keyGroupOf } from '../state/entry-key.ts';
import type { KeyBytes, ValueCodec } from '../state/state-store.ts';

/**
 * `exact`: something may come out at this very time. `cleanup`: from about this time on the key's
 * state may be empty; nothing comes out.
 */
export type TimerKind = 'exact' | 'cleanup';

/** The bytes are those of the key. */
export interface KeyTimer extends KeyBytes {
  readonly time: number;
  /** The order of registration: it decides between timers of the same time. */
  readonly sequence: number;
  readonly kind: TimerKind;
  /** Slot of the key's state; -1 until it has been looked up. Good for one batch. */
  slot: number;
}

/** Bytes of a bucket that wait in memory before they go to the table. */
export const CHUNK_BYTES = 1 << 15;
const EXACT = 1;

/**
 * A chunk is timers one behind the other, in the order of registration: `time f64 | kind u8 |
 * sequence varint | length of the key varint | key`. In the table a chunk has timers of one bucket
 * of time and one key group.
 */
export const chunkCodec: ValueCodec = {
  encode: (value, writer) => writer.bytes(value as Buffer),
  decode: (reader) => reader.bytes(),
  sizeOf: (value) => 100 + (value as Buffer).length,
};

/** A timer at the end of a chunk. */
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

/** The next timer of a chunk; null where it is not wanted. */
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

/** Sorts the timers of a chunk into chunks of one key group each. */
export class GroupChunks {
  readonly #chunks = new Array<ByteWriter | undefined>(KEY_GROUPS);

  /** Calls `take` with each key group that has timers in the chunk, and their bytes. */
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
