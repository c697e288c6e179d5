import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import type { Disk } from '../../../core/disk.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { ByteWriter } from '../byte-codec.ts';
import type { Entries } from '../entries.ts';
import type { StateWrite } from '../state-backend.ts';
import { BLOCK, writeColumnsBlock } from './log-block.ts';

export const LOG_FILE = /^changes-\d+\.bin$/;

/** Bytes that are encoded in one go, and written: some four milliseconds, as long as the job then goes on; what it changes meanwhile costs more to save. */
const PIECE = 1 << 20;
/** A buffer that a large value made larger than this is not kept for the next file. */
const MOST_KEPT = 16 * PIECE;
/** So many files of changes may follow a whole one whatever they hold; more only while they are small beside it. */
const FEW_FILES = 12;
const MANY_FILES = 60;

export interface LogFile {
  readonly name: string;
  readonly path: string;
  readonly sha256: string;
  readonly length: number;
}

/**
 * The state of a job as files of its own: a whole one, and then what changed from checkpoint to checkpoint. As long as all state is in memory nothing of it needs to be in the back end, where
 * writing an entry costs some 20 times as much as here. A file never changes once it is finished. A new whole one is due when the changes
 * since the last are as much as a quarter of it, and as many files as are worth fewer, so an entry is written twice on average at most for each time it changes.
 */
export class StateLog {
  /** What stands for the state together, to be applied in this order. */
  files: readonly LogFile[] = [];
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #scheduler: Scheduler;
  readonly #pieceBytes: number;
  /** For one file at a time; made with the first. */
  #writer: ByteWriter | null = null;
  #number = 0;

  constructor(directory: string, disk: Disk, scheduler: Scheduler, pieceBytes: number = PIECE) {
    this.#directory = directory;
    this.#disk = disk;
    this.#scheduler = scheduler;
    this.#pieceBytes = pieceBytes;
  }

  /** The next file should hold the whole state. */
  get wholeIsDue(): boolean {
    const [whole, ...changes] = this.files;
    if (whole === undefined) return true;
    const bytes = changes.reduce((sum, { length }) => sum + length, 0);
    return (
      bytes > whole.length || changes.length >= MANY_FILES || (changes.length >= FEW_FILES && bytes > whole.length / 4)
    );
  }

  /** Begins a file. `whole`: it takes the place of all others once it is finished. */
  begin(whole: boolean): LogFileWriter {
    const name = `changes-${++this.#number}.bin`;
    const finished = (file: LogFile): void => {
      const before = this.files;
      this.files = whole ? [file] : [...before, file];
      if (whole) this.#remove(before);
    };
    if (this.#writer === null || this.#writer.buffer.length > MOST_KEPT) this.#writer = new ByteWriter(1 << 16);
    this.#writer.reset();
    return new LogFileWriter({
      name,
      path: path.join(this.#directory, name),
      whole,
      disk: this.#disk,
      scheduler: this.#scheduler,
      writer: this.#writer,
      pieceBytes: this.#pieceBytes,
      finished,
    });
  }

  /** Nothing of it is needed any more. */
  forget(): void {
    this.#remove(this.files);
    this.files = [];
  }

  /** One that stays behind goes when the directory is made anew; a checkpoint that stands must not fail by it. */
  #remove(files: readonly LogFile[]): void {
    for (const { path: file } of files) {
      try {
        this.#disk.removeNow(file);
      } catch {}
    }
  }
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

/** One file under way: blocks, each with its length before it. */
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

  /** No entry has from <= key < to. */
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

  /** True when it is time to let the job go on: `pause`. */
  get full(): boolean {
    return this.#writer.position >= this.pieceBytes;
  }

  /** After so many bytes it is time to let the job go on. */
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
    this.#writer.reset();
  }

  /** Durable, and part of the log; where nothing has changed there is no file. */
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
