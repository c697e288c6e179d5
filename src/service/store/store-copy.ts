import { EngineError } from '../../core/engine-error.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Change } from './change.ts';
import type { CopyFiles } from './copy-files.ts';
import { lineOf, readLine } from './journal-file.ts';
import { entriesOf } from './journal-migration.ts';
import { checkedChange, ServiceState } from './service-state.ts';
import type { StoreDirectory } from './store-directory.ts';

const RETRY_MS = 10_000;
const KEPT = 2;
const WRITERS_KEPT = 100;

interface Content {
  readonly format: 1;
  /** The names of the data directories that the service has used, the newest last. */
  readonly writers: readonly string[];
  readonly changes: readonly Change[];
}

/** The data directory of a copy, and the parts that a simulation replaces. */
export interface CopyPlace {
  readonly directory: string;
  readonly store: StoreDirectory;
  readonly files: CopyFiles;
  readonly scheduler: Scheduler;
}

/**
 * A copy of the service's database in the remote store of the checkpoints. A service that lost its
 * disk recovers its catalogue and jobs from this copy. The copy has the same fencing as the
 * checkpoints of a job. Therefore a service cannot overwrite the copy of its successor.
 */
export class StoreCopy {
  readonly #storage: CheckpointStorage;
  readonly #log: ServiceLog;
  readonly #name: string;
  readonly #scheduler: Scheduler;
  #writers: readonly string[] = [];
  #epoch = 0;
  #changes: (() => readonly Change[]) | null = null;
  /** The copy in progress, or null. */
  #running: Promise<void> | null = null;
  /** Whether the database has changed since the last copy. */
  #stale = false;
  /** Cancels the next attempt; null: none is due. */
  #retry: (() => void) | null = null;
  #lost = false;
  /** Why the last copy failed; null: it did not fail. */
  problem: string | null = null;

  private constructor(storage: CheckpointStorage, name: string, scheduler: Scheduler, log: ServiceLog) {
    this.#storage = storage;
    this.#name = name;
    this.#scheduler = scheduler;
    this.#log = log;
  }

  /**
   * Takes over the service in the store, and brings the database in `directory` up to date. Keeps
   * the local database if this directory was the last to write or read the copy. Otherwise replaces
   * the database with the copy. Throws CONFIG_USAGE if the directory belongs to another service.
   * Throws JOB_LOCKED if another process runs the service.
   */
  static async open(storage: CheckpointStorage, place: CopyPlace, log: ServiceLog): Promise<StoreCopy> {
    const copy = new StoreCopy(storage, await place.files.name(), place.scheduler, log);
    await acquire(storage);
    try {
      await copy.#bring(place);
      return copy;
    } catch (error) {
      await storage.release();
      throw error;
    }
  }

  async #bring({ directory, store, files }: CopyPlace): Promise<void> {
    const epochs = await this.#storage.listManifests();
    this.#epoch = epochs.at(-1) ?? 0;
    if (this.#epoch === 0) return;
    const content = await this.#read(this.#epoch, directory);
    this.#writers = content.writers;
    const own = store.hasStore();
    // No other directory has written a copy since this directory wrote or read the newest one.
    if (own && content.writers.at(-1) === this.#name) return;
    const takenEpoch = await files.takenOver();
    if (own && takenEpoch === this.#epoch) return;
    if (own && takenEpoch === null && !content.writers.includes(this.#name)) {
      throw new EngineError(
        'CONFIG_USAGE',
        `${directory} and ${this.#storage.location} belong to different services; to continue the service in ${this.#storage.location}, use an empty data directory; to continue the service in ${directory}, use another place for checkpoints`,
        { directory },
      );
    }
    store.moveAway(`before-${this.#epoch}`);
    // The next start needs this file if the process dies before it has written its first copy.
    await files.noteTakeOver(this.#epoch);
    const state = new ServiceState();
    for (const change of content.changes) state.apply(checkedChange(change));
    store.create(entriesOf(state));
    const jobs = content.changes.filter(({ kind }) => kind === 'job').length;
    this.#log.warn(
      { directory, jobs },
      `takes the service over from another data directory: restores ${jobs} jobs and the catalogue from ${this.#storage.location}`,
    );
  }

  async #read(epoch: number, directory: string): Promise<Content> {
    const content = readLine<Content>((await this.#storage.readManifest(epoch)).toString('utf8').trimEnd());
    if (content !== null) return content;
    throw new EngineError(
      'STATE_FORMAT',
      `the copy ${epoch} of the service in ${this.#storage.location} is damaged; to continue with the store in ${directory}, delete ${this.#storage.location}`,
      {},
    );
  }

  /** Starts to copy the database. `changes` returns its whole content. */
  follow(changes: () => readonly Change[]): void {
    this.#changes = changes;
    this.changed();
  }

  /** Copies the database because it has changed. */
  changed(): void {
    this.#stale = true;
    this.#cancelRetry();
    if (this.#running !== null || this.#lost) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
    });
  }

  /**
   * Resolves when the store has been copied, or the copy has failed. Failures are logged and
   * retried.
   */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#stale && !this.#lost) {
        this.#stale = false;
        await this.#write();
      }
      this.problem = null;
    } catch (error) {
      this.#stale = true;
      this.#lost = error instanceof EngineError && error.code === 'JOB_LOCKED';
      this.problem = `the service's store cannot be copied to ${this.#storage.location}: ${(error as Error).message}`;
      this.#log.error({}, this.problem);
      if (this.#lost) return;
      this.#retry = this.#scheduler.after(RETRY_MS, () => this.changed(), true);
    }
  }

  async #write(): Promise<void> {
    const writers = [...this.#writers.filter((name) => name !== this.#name), this.#name].slice(-WRITERS_KEPT);
    const content: Content = { format: 1, writers, changes: this.#changes!() };
    const copy = Buffer.from(lineOf(content));
    let epoch = this.#epoch + 1;
    // An attempt that counts as failed, because its reply was lost, may have written this number.
    // If another service took over, the storage throws JOB_LOCKED.
    while (!(await this.#storage.createManifest(epoch, copy))) epoch++;
    this.#epoch = epoch;
    this.#writers = writers;
    for (const old of (await this.#storage.listManifests()).slice(0, -KEPT)) await this.#storage.deleteManifest(old);
  }

  async close(): Promise<void> {
    await this.settled();
    if (this.#retry !== null) {
      this.#cancelRetry();
      await this.#run();
      this.#cancelRetry();
    }
    await this.#storage.release();
  }

  #cancelRetry(): void {
    this.#retry?.();
    this.#retry = null;
  }
}

async function acquire(storage: CheckpointStorage): Promise<void> {
  try {
    await storage.acquire();
  } catch (cause) {
    if (!(cause instanceof EngineError) || cause.code !== 'JOB_LOCKED') throw cause;
    throw new EngineError(
      'JOB_LOCKED',
      `another service runs and uses the same place for checkpoints: ${cause.message}`,
      {},
      cause,
    );
  }
}
