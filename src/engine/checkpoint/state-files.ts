import type { Disk } from '../../core/disk.ts';
import { hashFile } from '../../core/durable-file.ts';
import { EngineError } from '../../core/engine-error.ts';
import { LOG_FILE } from '../state/log/state-log.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import type { StateFile } from './manifest.ts';

/** The state at a barrier as local files. */
export interface StateSnapshot {
  /** The directory is removed when the files are stored. */
  readonly directory: string | null;
  /** The files, with their sha256 if it is known. */
  readonly files: readonly {
    readonly name: string;
    readonly path: string;
    readonly sha256?: string;
    readonly length?: number;
  }[];
}

/** Bytes that were not stored before. */
export interface StoredState {
  readonly files: readonly StateFile[];
  readonly newBytes: number;
}

export const NO_STATE: StoredState = { files: [], newBytes: 0 };

/**
 * Stores the files of a job's checkpoints by their content. Files that the previous checkpoint
 * stored are not read. Each subtask has its own object (`forSubtask`). They store one after the
 * other, because several files may have the same content.
 */
export class StateFiles {
  readonly #storage: CheckpointStorage;
  readonly #disk: Disk;
  /** Files stored already, by inode and size: SST files and those of a state log never change. */
  readonly #hashed = new Map<string, { sha256: string; length: number }>();
  /** The last call of all subtasks. */
  readonly #queue: { last: Promise<unknown> };

  constructor(storage: CheckpointStorage, disk: Disk, queue = { last: Promise.resolve() as Promise<unknown> }) {
    this.#storage = storage;
    this.#disk = disk;
    this.#queue = queue;
  }

  forSubtask(): StateFiles {
    return new StateFiles(this.#storage, this.#disk, this.#queue);
  }

  /**
   * Stores the files of a snapshot. With `full`, reads all files, compares them with their sha256,
   * and stores them again.
   */
  store(snapshot: StateSnapshot, full: boolean): Promise<StoredState> {
    const stored = this.#queue.last.then(() => this.#store(snapshot, full));
    this.#queue.last = stored.catch(() => {});
    return stored;
  }

  async #store(snapshot: StateSnapshot, full: boolean): Promise<StoredState> {
    const files: StateFile[] = [];
    let newBytes = 0;
    for (const { name, path: file, ...content } of snapshot.files) {
      const { inode, size } = this.#disk.status(file)!;
      const identity = `${inode}.${size}.${name}`;
      let known = name.endsWith('.sst') || LOG_FILE.test(name) ? this.#hashed.get(identity) : undefined;
      if (full && known !== undefined) {
        await this.#compare(file, known.sha256);
        newBytes += known.length;
      } else if (known === undefined) {
        const { sha256, length } = content;
        known = sha256 === undefined ? await hashFile(file, this.#disk) : { sha256, length: length! };
        newBytes += known.length;
      }
      await this.#storage.putData(known.sha256, known.length, file, full);
      this.#hashed.set(identity, known);
      files.push({ name, ...known });
    }
    if (this.#hashed.size > 10000) this.#hashed.clear();
    if (snapshot.directory !== null) await this.#disk.remove(snapshot.directory);
    return { files, newBytes };
  }

  /**
   * Throws if a file that must not change has changed. The job must then restart from an intact
   * checkpoint.
   */
  async #compare(file: string, sha256: string): Promise<void> {
    if ((await hashFile(file, this.#disk)).sha256 === sha256) return;
    const what = `the state file ${file} is damaged: its sha256 is no longer what it was when it was written`;
    throw new EngineError('STATE_STORE', what, { file });
  }
}
