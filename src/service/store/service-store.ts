import { EngineError } from '../../core/engine-error.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Change } from './change.ts';
import { migrateJournal } from './journal-migration.ts';
import { createDatabase, openDatabase } from './open-database.ts';
import { checkedChange, ServiceState } from './service-state.ts';
import { changesOf, writesOf } from './state-entries.ts';
import type { StoreDatabase, StoreWrite } from './store-database.ts';

/** What the service knows, in its database. Changes are durable before `record` returns. */
export class ServiceStore extends ServiceState {
  /** Called before and after each change. The first may throw, and then nothing changes. */
  beforeChange: () => void = () => {};
  onChange: () => void = () => {};
  /** Called when changes could not be stored. */
  onProblem: () => void = () => {};
  /** Why the last change could not be stored; null: it was stored. */
  problem: string | null = null;
  readonly #database: StoreDatabase;

  constructor(database: StoreDatabase) {
    super();
    this.#database = database;
    for (const change of changesOf(database.entries)) this.apply(checkedChange(change));
  }

  /**
   * Opens the store of a data directory. Migrates the journal of an earlier version. Throws
   * STATE_FORMAT for damage that no copy replaces, and STATE_DISK for a disk with too little space.
   */
  static open(directory: string, log: Pick<ServiceLog, 'warn'>): ServiceStore {
    let database: StoreDatabase | null = null;
    try {
      database = openDatabase(directory, log);
      database = migrateJournal(directory, database, log) ?? database ?? createDatabase(directory, [], log);
      return new ServiceStore(database);
    } catch (cause) {
      database?.close();
      if (cause instanceof EngineError) throw cause;
      // A call of the operating system or of SQLite.
      const message = `the store of the service in ${directory} cannot be opened: ${(cause as Error).message}`;
      throw new EngineError('STATE_STORE', message, { directory }, cause);
    }
  }

  /** Throws STATE_STORE if the changes cannot be stored. They then have not taken effect. */
  record(...changes: readonly Change[]): void {
    if (changes.length === 0) return;
    this.beforeChange();
    // Later changes of the same request see the earlier ones.
    const next = changes.length === 1 ? this : copyOf(this);
    const writes: StoreWrite[] = [];
    for (const change of changes) {
      writes.push(...writesOf(change, next));
      if (next !== this) next.apply(change);
    }
    this.#write(writes);
    for (const change of changes) this.apply(change);
    this.onChange();
  }

  /** Throws STATE_STORE if a restart could show another state than this process has. */
  requireCertainty(): void {
    if (!this.#database.inDoubt) return;
    throw new EngineError('STATE_STORE', 'the last change of the service is in doubt; restart the service', {});
  }

  /** Writes nothing, to find out whether the database can be written again. Throws STATE_STORE. */
  probe(): void {
    this.#write([]);
  }

  #write(writes: readonly StoreWrite[]): void {
    try {
      this.#database.write(writes);
      this.problem = null;
    } catch (error) {
      this.problem = (error as Error).message;
      this.onProblem();
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

function copyOf(state: ServiceState): ServiceState {
  const copy = new ServiceState();
  for (const change of state.all()) copy.apply(change);
  return copy;
}
