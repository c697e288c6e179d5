import path from 'node:path';
import type { Disk } from '../../../core/disk.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { ByteWriter } from '../byte-codec.ts';
import { type LogFile, LogFileWriter } from './log-file-writer.ts';

export const LOG_FILE = /^changes-\d+\.bin$/;

/**
 * The number of bytes that are encoded and written without a pause. This takes about eight
 * milliseconds; then the job runs for four. Entries that the job changes in this time cost more to
 * save. With half the size, a checkpoint of 860 thousand keys costs a sixth more (w6d).
 */
const PIECE = 2 << 20;
/** A larger buffer is not reused for the next file. */
const MOST_KEPT = 8 * PIECE;
/**
 * A full file may be followed by this many change files of any size, and by more if they are small.
 */
const FEW_FILES = 12;
const MANY_FILES = 60;

/**
 * The state of a job as log files: a full file, followed by a file of changes for each checkpoint.
 * While all state is in memory, the back end needs no entries. Writing an entry to the back end
 * costs about 20 times as much as writing it to the log. A finished file never changes. A new full
 * file is due when the changes are larger than the full file, when `FEW_FILES` change files are
 * larger than a quarter of it, or after `MANY_FILES` change files. On average, an entry is written
 * at most twice for each change.
 */
export class StateLog {
  /** The files that together contain the state. A restore applies them in this order. */
  files: readonly LogFile[] = [];
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #scheduler: Scheduler;
  readonly #pieceBytes: number;
  /** The buffer of the current file. The first file creates it. */
  #writer: ByteWriter | null = null;
  #number = 0;

  constructor(directory: string, disk: Disk, scheduler: Scheduler, pieceBytes: number = PIECE) {
    this.#directory = directory;
    this.#disk = disk;
    this.#scheduler = scheduler;
    this.#pieceBytes = pieceBytes;
  }

  /** Whether the next file should contain the whole state. */
  get wholeIsDue(): boolean {
    const [whole, ...changes] = this.files;
    if (whole === undefined) return true;
    const bytes = changes.reduce((sum, { length }) => sum + length, 0);
    return (
      bytes > whole.length || changes.length >= MANY_FILES || (changes.length >= FEW_FILES && bytes > whole.length / 4)
    );
  }

  /** Begins a file. `whole`: the finished file replaces all others. */
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

  /** Removes all files, because they are not needed any more. */
  forget(): void {
    this.#remove(this.files);
    this.files = [];
  }

  /**
   * Removes files. Ignores a file that cannot be removed, because a complete checkpoint must not
   * fail. That file is removed when the directory is created again.
   */
  #remove(files: readonly LogFile[]): void {
    for (const { path: file } of files) {
      try {
        this.#disk.removeNow(file);
      } catch {}
    }
  }
}
