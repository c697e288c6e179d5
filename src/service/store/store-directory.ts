import fs from 'node:fs';
import path from 'node:path';
import type { ServiceLog } from '../service-log.ts';
import { hasJournal, JOURNAL } from './journal-migration.ts';
import { createDatabase, hasDatabase, moveDatabaseAway } from './open-database.ts';
import type { StoreEntry } from './store-database.ts';

/** The service's store in a data directory, as its copy sees it. A simulation has its own. */
export interface StoreDirectory {
  /** Returns whether the service ever stored anything in the directory. */
  hasStore(): boolean;
  /** Moves the store to names that end with the suffix. */
  moveAway(suffix: string): void;
  /** Creates a store with these entries. The directory has none. */
  create(entries: readonly StoreEntry[]): void;
}

/** Returns the store of a data directory in files. */
export function storeDirectory(directory: string, log: Pick<ServiceLog, 'warn'>): StoreDirectory {
  return {
    hasStore: () => hasDatabase(directory) || hasJournal(directory),
    moveAway(suffix) {
      if (hasJournal(directory)) {
        const journal = path.join(directory, JOURNAL);
        fs.renameSync(journal, `${journal}.${suffix}`);
      }
      moveDatabaseAway(directory, suffix);
    },
    create: (entries) => createDatabase(directory, entries, log).close(),
  };
}
