import { ByteReader, ByteWriter } from '../state/byte-codec.ts';
import { writeInteger } from '../state/key-codec.ts';
import type { StateWrite } from '../state/state-backend.ts';
import { CHUNK_BYTES, chunkCodec, GroupChunks, type TimerKind, writeTimer } from './timer-chunk.ts';

/**
 * Creates the entries of timers in the back end, in the format of `KeyTimers`. For migrations of
 * state.
 */
export class TimerWrites {
  /** The sequence of the next timer. */
  sequence = 0;
  readonly #table: { readonly operator: number; readonly table: number };
  readonly #bucketMs: number;
  readonly #open = new Map<number, ByteWriter>();
  /** By bucket: the number of chunks so far. */
  readonly #chunks = new Map<number, number>();
  readonly #groups = new GroupChunks();
  #writes: StateWrite[] = [];

  constructor(table: { readonly operator: number; readonly table: number }, bucketMs: number) {
    this.#table = table;
    this.#bucketMs = bucketMs;
  }

  add(time: number, kind: TimerKind, key: Buffer, from: number, to: number = key.length): void {
    const bucket = Math.floor(time / this.#bucketMs) * this.#bucketMs;
    let chunk = this.#open.get(bucket);
    if (chunk === undefined) {
      chunk = new ByteWriter(256);
      this.#open.set(bucket, chunk);
    }
    writeTimer(chunk, time, kind, this.sequence++, key, from, to);
    if (chunk.position > CHUNK_BYTES) this.#close(bucket, chunk);
  }

  #close(bucket: number, chunk: ByteWriter): void {
    this.#open.delete(bucket);
    this.#groups.split(new ByteReader(chunk.buffer, 0, chunk.position), (group, bytes) => {
      const number = this.#chunks.get(bucket) ?? 0;
      this.#chunks.set(bucket, number + 1);
      const key = new ByteWriter(21);
      key.u16(this.#table.operator);
      key.byte(this.#table.table);
      key.u16(group);
      writeInteger(key, bucket);
      writeInteger(key, number);
      const value = new ByteWriter(bytes.length + 16);
      value.varint(number);
      chunkCodec.encode(bytes, value);
      this.#writes.push({ key: key.finish(), value: value.finish() });
    });
  }

  /** Returns the full chunks since the last call. */
  take(): StateWrite[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  /** Returns the remaining chunks. */
  finish(): StateWrite[] {
    for (const [bucket, chunk] of this.#open) this.#close(bucket, chunk);
    return this.take();
  }
}
