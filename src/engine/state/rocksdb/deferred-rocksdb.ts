import fs from 'node:fs';
import type { StateBackend, StateEntry, StateWrite } from '../state-backend.ts';

/** Loads the binding and opens the database. */
type Open = () => Promise<StateBackend>;

/**
 * RocksDB in a fresh directory, opened late. The database is empty until the cache evicts its first
 * entries, so until then every answer is known without it. Loading the binding and opening the
 * database take 60 ms, which is a fifth of the run of a small file (measured).
 *
 * A machine that cannot load the binding must not find this out hours after the start. Therefore
 * the database opens after `openAfterMs` in any case, and each later call reports the failure.
 * Null: another database of the job proves that the binding works.
 */
export class DeferredRocksdb implements StateBackend {
  readonly kind = 'rocksdb';
  readonly #directory: string;
  readonly #open: Open;
  readonly #timer: NodeJS.Timeout | null;
  /** Null: nothing was written yet, and the time has not come. */
  #opened: Promise<StateBackend> | null = null;
  #closed = false;

  constructor(directory: string, open: Open, openAfterMs: number | null) {
    fs.mkdirSync(directory, { recursive: true });
    this.#directory = directory;
    this.#open = open;
    // The timer does not keep the process alive. The next call reports a failure.
    const openNow = (): void => {
      this.#database().catch(() => {});
    };
    this.#timer = openAfterMs === null ? null : setTimeout(openNow, openAfterMs).unref();
  }

  async getMany(keys: readonly Buffer[]): Promise<readonly (Buffer | null)[]> {
    return this.#opened === null ? keys.map(() => null) : (await this.#opened).getMany(keys);
  }

  async write(operations: readonly StateWrite[]): Promise<void> {
    return (await this.#database()).write(operations);
  }

  async deleteRange(from: Buffer, to: Buffer): Promise<void> {
    if (this.#opened !== null) await (await this.#opened).deleteRange(from, to);
  }

  async *scan(from: Buffer, to: Buffer): AsyncIterable<readonly StateEntry[]> {
    if (this.#opened !== null) yield* (await this.#opened).scan(from, to);
  }

  async snapshotTo(directory: string): Promise<readonly string[]> {
    return (await this.#database()).snapshotTo(directory);
  }

  async memoryBytes(): Promise<number> {
    return this.#opened === null ? 0 : (await this.#opened).memoryBytes();
  }

  async freeDiskBytes(): Promise<number> {
    return this.#opened === null ? freeBytesOf(this.#directory) : (await this.#opened).freeDiskBytes();
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#closed = true;
    const database = await this.#opened?.catch(() => null);
    await database?.close();
  }

  #database(): Promise<StateBackend> {
    if (this.#closed) throw new Error('the state is closed');
    this.#opened ??= this.#open();
    return this.#opened;
  }
}

/** Returns the free bytes of the disk of a directory. */
export async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await fs.promises.statfs(directory);
  return bavail * bsize;
}
