import path from 'node:path';
import type { Disk } from '../../../core/disk.ts';
import type { Scheduler } from '../../../core/scheduler.ts';
import { ByteWriter } from '../byte-codec.ts';
import { type LogFile, LogFileWriter } from './log-file-writer.ts';

export const LOG_FILE = /^changes-\d+\.bin$/;

/**
 * Bytes that are encoded in one go, and written: some eight milliseconds, and then the job goes on
 * for four; what it changes meanwhile costs more to save. With half of it a checkpoint of 860
 * thousand keys costs a sixth more (w6d).
 */
const PIECE = 2 << 20;
/** A buffer that a large value made larger than this is not kept for the next file. */
const MOST_KEPT = 8 * PIECE;
/**
 * So many files of changes may follow a whole one whatever they hold; more only while they are
 * small beside it.
 */
const FEW_FILES = 12;
const MANY_FILES = 60;

/**
 * The state of a job as files of its own: a whole one, and then what changed from checkpoint to
 * checkpoint. As long as all state is in memory nothing of it needs to be in the back end, where
 * writing an entry costs some 20 times as much as here. A file never changes once it is finished. A
 * new whole one is due when the changes since the last are as much as a quarter of it, and as many
 * files as are worth fewer, so an entry is written twice on average at most for each time it
 * changes.
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

  /**
   * A file that cannot be removed is deleted when the directory is created again. It must not fail
   * a complete checkpoint.
   */
  #remove(files: readonly LogFile[]): void {
    for (const { path: file } of files) {
      try {
        this.#disk.removeNow(file);
      } catch {}
    }
  }
}
