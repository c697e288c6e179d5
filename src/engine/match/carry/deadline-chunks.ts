import { ByteWriter } from '../../state/byte-codec.ts';
import { writeInteger } from '../../state/key-codec.ts';
import type { StateWrite } from '../../state/state-backend.ts';
import { CHUNK_BYTES, chunkCodec, type DeadlineKind, writeDeadline } from '../deadlines.ts';
import { DEADLINES_TABLE } from '../pattern-shape.ts';

/**
 * Writes the deadlines of a pattern anew, as `Deadlines` keeps them: chunks of records in buckets
 * of time.
 */
export class DeadlineChunks {
  readonly #operator: number;
  readonly #bucketMs: number;
  readonly #after: number;
  readonly #open = new Map<number, ByteWriter>();
  /** By bucket: chunks so far. */
  readonly #chunks = new Map<number, number>();
  #writes: StateWrite[] = [];
  /** In the order of their times they come out together. */
  readonly #overdue: { time: number; kind: DeadlineKind; key: Buffer; from: number }[] = [];

  /** What is due at `after` or before comes with the next watermark. */
  constructor(operator: number, bucketMs: number, after: number) {
    this.#operator = operator;
    this.#bucketMs = bucketMs;
    this.#after = after;
  }

  add(time: number, kind: DeadlineKind, key: Buffer, from: number): void {
    if (time > this.#after) this.#write(time, kind, key, from);
    else this.#overdue.push({ time, kind, key, from });
  }

  #write(due: number, kind: DeadlineKind, key: Buffer, from: number): void {
    const bucket = Math.floor(due / this.#bucketMs) * this.#bucketMs;
    let chunk = this.#open.get(bucket);
    if (chunk === undefined) {
      chunk = new ByteWriter(256);
      this.#open.set(bucket, chunk);
    }
    writeDeadline(chunk, due, kind, key, from, key.length);
    if (chunk.position > CHUNK_BYTES) this.#close(bucket, chunk);
  }

  #close(bucket: number, chunk: ByteWriter): void {
    const number = this.#chunks.get(bucket) ?? 0;
    this.#chunks.set(bucket, number + 1);
    this.#open.delete(bucket);
    const key = new ByteWriter(21);
    key.u16(this.#operator);
    key.byte(DEADLINES_TABLE);
    key.u16(0);
    writeInteger(key, bucket);
    writeInteger(key, number);
    const value = new ByteWriter(chunk.position + 16);
    value.varint(number);
    chunkCodec.encode(chunk.finish(), value);
    this.#writes.push({ key: key.finish(), value: value.finish() });
  }

  /** Full chunks since the last call. */
  take(): StateWrite[] {
    const writes = this.#writes;
    this.#writes = [];
    return writes;
  }

  /** The rest. */
  finish(): StateWrite[] {
    for (const { kind, key, from } of this.#overdue.sort((a, b) => a.time - b.time)) {
      this.#write(this.#after + 1, kind, key, from);
    }
    for (const [bucket, chunk] of this.#open) this.#close(bucket, chunk);
    return this.take();
  }
}
