import fs from 'node:fs';
import path from 'node:path';
import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { ServiceLog } from '../service-log.ts';
import type { Change } from './change.ts';
import { readJournalFile } from './journal-file.ts';
import { createDatabase } from './open-database.ts';
import { checkedChange, ServiceState } from './service-state.ts';
import { writesOf } from './state-entries.ts';
import type { StoreDatabase, StoreEntry } from './store-database.ts';

export const JOURNAL = 'journal.jsonl';
/** The entry that identifies the migrated journal. */
const MIGRATED = { kind: 'journal', name: JOURNAL } as const;

export const hasJournal = (directory: string): boolean =>
  (fs.statSync(path.join(directory, JOURNAL), { throwIfNoEntry: false })?.size ?? 0) > 0;

/**
 * Migrates the journal of an earlier version once. Keeps the file as `journal.jsonl.migrated`.
 * Null: there is no journal, or it was migrated before. Throws STATE_FORMAT for a damaged
 * journal, and CONFIG_USAGE if an earlier version has written a journal after the database was
 * made.
 */
export function migrateJournal(
  directory: string,
  found: StoreDatabase | null,
  log: Pick<ServiceLog, 'warn'>,
): StoreDatabase | null {
  const file = path.join(directory, JOURNAL);
  if (!fs.existsSync(file)) return null;
  const state = new ServiceState();
  const sha256 = readJournalFile(file, (line) => {
    for (const change of [line].flat() as Change[]) state.apply(checkedChange(change));
  });
  let created: StoreDatabase | null = null;
  if (found === null) {
    created = createDatabase(directory, [...entriesOf(state), { ...MIGRATED, content: JSON.stringify(sha256) }], log);
  } else if (!isEmpty(state) && !isMigrated(found, sha256)) {
    throw new EngineError(
      'CONFIG_USAGE',
      `${file} is not the journal from which the database of ${directory} was made: an earlier version ran after the database was made; move away either the journal or the files service*.sqlite*`,
      { directory },
    );
  }
  fs.renameSync(file, `${file}.migrated`);
  systemDisk.syncDirectory(directory);
  log.warn(
    { directory },
    `took over ${state.jobs.size} jobs and the catalogue from ${file}, which is kept as ${JOURNAL}.migrated`,
  );
  return created;
}

/** Returns the entries of a state. */
export function entriesOf(state: ServiceState): readonly StoreEntry[] {
  const empty = new ServiceState();
  return state.all().flatMap((change) => {
    const writes = writesOf(change, empty);
    empty.apply(change);
    return writes.flatMap((write) => ('put' in write ? [write.put] : []));
  });
}

const isMigrated = ({ entries }: StoreDatabase, sha256: string): boolean =>
  entries.some(({ kind, content }) => kind === MIGRATED.kind && content === JSON.stringify(sha256));

const isEmpty = (state: ServiceState): boolean => entriesOf(state).length === 0;
