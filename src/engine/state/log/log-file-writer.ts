import { createHash, type Hash } from 'node:crypto';
import type { Disk } from '../../../core/disk.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import type { ByteWriter } from '../byte-codec.ts';
import type { Entries } from '../entries.ts';
import type { StateWrite } from '../state-backend.ts';
import { BLOCK, writeColumnsBlock } from './log-block.ts';

export interface LogFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
}

interface LogFileOptions {
  readonly name: string;
  readonly path: string;
  readonly whole: boolean;
  readonly disk: Disk;
  readonly scheduler: Scheduler;
  readonly writer: ByteWriter;
  readonly pieceBytes: number;
  readonly finished: (file: LogFile) => void;
}

/** Writes one log file. It consists of blocks, each preceded by its length. */
export class LogFileWriter {
  readonly #options: LogFileOptions;
  readonly #writer: ByteWriter;
  readonly #hash: Hash = createHash('sha256');
  readonly #file: number;
  #length = 0;

  constructor(options: LogFileOptions) {
    this.#options = options;
    this.#writer = options.writer;
    this.#file = options.disk.createNow(options.path);
  }

  columns(entries: Entries, slots: Int32Array, n: number): void {
    if (n > 0) this.#block((writer) => writeColumnsBlock(writer, entries, slots, n));
  }

  entries(writes: readonly StateWrite[]): void {
    if (writes.length === 0) return;
    this.#block((writer) => {
      writer.byte(BLOCK.entries);
      writer.u32(writes.length);
      for (const { key, value } of writes) {
        writer.bytes(key);
        writer.byte(value === null ? 0 : 1);
        if (value !== null) writer.bytes(value);
      }
    });
  }

  /** Deletes the entries with from <= key < to. */
  range(from: Buffer, to: Buffer): void {
    this.#block((writer) => {
      writer.byte(BLOCK.range);
      writer.bytes(from);
      writer.bytes(to);
    });
  }

  #block(write: (writer: ByteWriter) => void): void {
    const writer = this.#writer;
    const at = writer.position;
    writer.u32(0);
    write(writer);
    writer.buffer.writeUInt32BE(writer.position - at - 4, at);
  }

  /** True when the writer should yield to the job with `pause`. */
  get full(): boolean {
    return this.#writer.position >= this.pieceBytes;
  }

  /** The writer should yield to the job after this many bytes. */
  get pieceBytes(): number {
    return this.#options.pieceBytes;
  }

  async pause(): Promise<void> {
    this.#write();
    await this.#options.scheduler.turn();
  }

  #write(): void {
    const bytes = this.#writer.buffer.subarray(0, this.#writer.position);
    this.#hash.update(bytes);
    for (let from = 0; from < bytes.length; ) from += this.#options.disk.append(this.#file, bytes, from);
    this.#length += bytes.length;
    this.#writer.release();
  }

  /** Makes the file durable and adds it to the log. There is no file if nothing has changed. */
  async finish(): Promise<void> {
    const { name, path: file, whole, disk, finished } = this.#options;
    this.#write();
    if (this.#length === 0 && !whole) return this.abandon();
    await disk.sync(this.#file);
    disk.closeNow(this.#file);
    finished({ name, path: file, sha256: this.#hash.digest('hex'), length: this.#length });
  }

  abandon(): void {
    this.#options.disk.closeNow(this.#file);
    this.#options.disk.removeNow(this.#options.path);
  }
}
