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
  /** Names of the data directories that have run the service, the newest last. */
  readonly writers: readonly string[];
  readonly changes: readonly Change[];
}

/**
 * A copy of what the service knows, beside the checkpoints in a remote store. With it a service
 * that lost its disk recovers its catalogue and jobs. The same fencing as for the checkpoints of a
 * job prevents a service that was taken over from overwriting the copy of its successor.
 */
export class StoreCopy {
  readonly #storage: CheckpointStorage;
  readonly #log: ServiceLog;
  readonly #name: string;
  #writers: readonly string[] = [];
  #epoch = 0;
  #changes: (() => readonly Change[]) | null = null;
  /** The running copy (null: none), and whether the store has changed since the last copy. */
  #running: Promise<void> | null = null;
  #stale = false;
  #retry: NodeJS.Timeout | null = null;
  #lost = false;

  private constructor(storage: CheckpointStorage, name: string, log: ServiceLog) {
    this.#storage = storage;
    this.#name = name;
    this.#log = log;
  }

  /**
   * Takes over the service in the store, and brings the database in `directory` up to date: keeps
   * the local one if this directory wrote the copy, otherwise uses the copy. Throws
   * CONFIG_USAGE for a directory of another service, and JOB_LOCKED for a store whose service runs.
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
    // No other directory has written since this one wrote or read the copy.
    if (own && (content.writers.at(-1) === this.#name || takenEpoch === this.#epoch)) return;
    if (own && takenEpoch === null && !content.writers.includes(this.#name)) {
      throw new EngineError(
        'CONFIG_USAGE',
        `${directory} has a service of its own, and ${this.#storage.location} that of another data directory; give an empty data directory to go on with it, or another place for checkpoints`,
        { directory },
      );
    }
    if (hasJournal(directory)) {
      const journal = path.join(directory, JOURNAL);
      fs.renameSync(journal, `${journal}.before-${this.#epoch}`);
    }
    moveDatabaseAway(directory, `before-${this.#epoch}`);
    // This comes first, so that a process that dies before its first copy is known.
    fs.writeFileSync(taken, String(this.#epoch));
    const state = new ServiceState();
    for (const change of content.changes) state.apply(checkedChange(change));
    createDatabase(directory, entriesOf(state), this.#log).close();
    const jobs = content.changes.filter(({ kind }) => kind === 'job').length;
    this.#log.warn(
      { directory, jobs },
      `takes the service over that ran with another data directory: ${jobs} jobs and its catalogue come from ${this.#storage.location}`,
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

  /** Copies from now on; `changes` gives all that the service knows. */
  follow(changes: () => readonly Change[]): void {
    this.#changes = changes;
    this.changed();
  }

  /** Copies after a change. */
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
    throw new EngineError('JOB_LOCKED', `another service runs with checkpoints there: ${cause.message}`, {}, cause);
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
