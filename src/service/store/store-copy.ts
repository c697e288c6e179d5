import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointStorage } from '../../engine/checkpoint/checkpoint-storage.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Change } from './change.ts';
import { lineOf, readLine } from './journal-file.ts';
import { entriesOf, hasJournal, JOURNAL } from './journal-migration.ts';
import { createDatabase, hasDatabase, moveDatabaseAway } from './open-database.ts';
import { checkedChange, ServiceState } from './service-state.ts';

const RETRY_MS = 10_000;
const KEPT = 2;
const WRITERS_KEPT = 100;

interface Content {
  readonly format: 1;
  /** The names of the data directories that the service has used, the newest last. */
  readonly writers: readonly string[];
  readonly changes: readonly Change[];
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
  #writers: readonly string[] = [];
  #epoch = 0;
  #changes: (() => readonly Change[]) | null = null;
  /** The copy in progress, or null. */
  #running: Promise<void> | null = null;
  /** Whether the database has changed since the last copy. */
  #stale = false;
  #retry: NodeJS.Timeout | null = null;
  #lost = false;

  private constructor(storage: CheckpointStorage, name: string, log: ServiceLog) {
    this.#storage = storage;
    this.#name = name;
    this.#log = log;
  }

  /**
   * Takes over the service in the store, and brings the database in `directory` up to date. Keeps
   * the local database if this directory was the last to write or read the copy. Otherwise replaces
   * the database with the copy. Throws CONFIG_USAGE if the directory belongs to another service.
   * Throws JOB_LOCKED if another process runs the service.
   */
  static async open(storage: CheckpointStorage, directory: string, log: ServiceLog): Promise<StoreCopy> {
    const copy = new StoreCopy(storage, nameOf(directory), log);
    await acquire(storage);
    try {
      await copy.#bring(directory);
      return copy;
    } catch (error) {
      await storage.release();
      throw error;
    }
  }

  async #bring(directory: string): Promise<void> {
    const epochs = await this.#storage.listManifests();
    this.#epoch = epochs.at(-1) ?? 0;
    if (this.#epoch === 0) return;
    const content = await this.#read(this.#epoch);
    this.#writers = content.writers;
    const taken = path.join(directory, 'journal-taken-over');
    const own = hasDatabase(directory) || hasJournal(directory);
    const takenEpoch = fs.existsSync(taken) ? Number(fs.readFileSync(taken, 'utf8')) : null;
    // No other directory has written a copy since this directory wrote or read the newest one.
    if (own && (content.writers.at(-1) === this.#name || takenEpoch === this.#epoch)) return;
    if (own && takenEpoch === null && !content.writers.includes(this.#name)) {
      throw new EngineError(
        'CONFIG_USAGE',
        `${directory} and ${this.#storage.location} belong to different services; to continue the service in ${this.#storage.location}, use an empty data directory; to continue the service in ${directory}, use another place for checkpoints`,
        { directory },
      );
    }
    if (hasJournal(directory)) {
      const journal = path.join(directory, JOURNAL);
      fs.renameSync(journal, `${journal}.before-${this.#epoch}`);
    }
    moveDatabaseAway(directory, `before-${this.#epoch}`);
    // The next start needs this file if the process dies before it has written its first copy.
    fs.writeFileSync(taken, String(this.#epoch));
    const state = new ServiceState();
    for (const change of content.changes) state.apply(checkedChange(change));
    createDatabase(directory, entriesOf(state), this.#log).close();
    const jobs = content.changes.filter(({ kind }) => kind === 'job').length;
    this.#log.warn(
      { directory, jobs },
      `takes the service over from another data directory: restores ${jobs} jobs and the catalogue from ${this.#storage.location}`,
    );
  }

  async #read(epoch: number): Promise<Content> {
    const content = readLine<Content>((await this.#storage.readManifest(epoch)).toString('utf8').trimEnd());
    if (content !== null) return content;
    throw new EngineError(
      'STATE_FORMAT',
      `the copy ${epoch} of the service in ${this.#storage.location} is damaged`,
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
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
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
    } catch (error) {
      this.#stale = true;
      this.#lost = error instanceof EngineError && error.code === 'JOB_LOCKED';
      this.#log.error(
        {},
        `the service's store cannot be copied to ${this.#storage.location}: ${(error as Error).message}`,
      );
      if (this.#lost) return;
      this.#retry = setTimeout(() => this.changed(), RETRY_MS);
      this.#retry.unref();
    }
  }

  async #write(): Promise<void> {
    const writers = [...this.#writers.filter((name) => name !== this.#name), this.#name].slice(-WRITERS_KEPT);
    const content: Content = { format: 1, writers, changes: this.#changes!() };
    const epoch = this.#epoch + 1;
    if (!(await this.#storage.createManifest(epoch, Buffer.from(lineOf(content))))) {
      throw new EngineError('JOB_LOCKED', `another service writes to ${this.#storage.location}`, {});
    }
    this.#epoch = epoch;
    this.#writers = writers;
    for (const old of (await this.#storage.listManifests()).slice(0, -KEPT)) await this.#storage.deleteManifest(old);
  }

  async close(): Promise<void> {
    await this.settled();
    if (this.#retry !== null) {
      clearTimeout(this.#retry);
      this.#retry = null;
      await this.#run();
      if (this.#retry !== null) clearTimeout(this.#retry);
    }
    await this.#storage.release();
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

/** Returns the permanent name of the data directory. */
function nameOf(directory: string): string {
  const file = path.join(directory, 'name');
  if (fs.existsSync(file)) {
    const name = fs.readFileSync(file, 'utf8').trim();
    if (name !== '') return name;
  }
  const name = randomUUID();
  fs.writeFileSync(file, `${name}\n`);
  return name;
}
