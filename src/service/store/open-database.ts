import fs from 'node:fs';
import path from 'node:path';
import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { loadSqlite } from '../../core/sqlite.ts';
import type { ServiceLog } from '../service-log.ts';
import { type Inspection, inspectDatabase } from './database-file.ts';
import { requireFreeSpace, START_BYTES } from './free-space.ts';
import { SqliteDatabase } from './sqlite-database.ts';
import type { StoreDatabase, StoreEntry } from './store-database.ts';

const MAIN = 'service.sqlite';
const COPY = 'service-copy.sqlite';

type Log = Pick<ServiceLog, 'warn'>;
type Whole = Extract<Inspection, { kind: 'whole' }>;

/** Returns whether anything was ever committed to a database in the directory. */
export const hasDatabase = (directory: string): boolean =>
  [MAIN, COPY].some((name) => inspectDatabase(path.join(directory, name)).kind !== 'absent');

/**
 * Opens the database of a data directory. Null: there is none. Uses the copy if the main file is
 * damaged, and makes a new copy if the copy is damaged; the damaged file is kept under another
 * name. Throws STATE_FORMAT with the names if no whole file is left, and STATE_DISK if the disk has
 * too little space; the files are then untouched.
 */
export function openDatabase(directory: string, log: Log): StoreDatabase | null {
  const files = [path.join(directory, MAIN), path.join(directory, COPY)] as const;
  const used = files.reduce((all, file) => all + (fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  requireFreeSpace(directory, START_BYTES + 2 * used);
  const found = files.map((file) => ({ file, inspection: inspectDatabase(file) }));
  const whole = found.flatMap(({ file, inspection }) => (inspection.kind === 'whole' ? [{ file, inspection }] : []));
  const newest = whole.reduce<{ file: string; inspection: Whole } | null>(
    (a, b) => (a === null || b.inspection.generation > a.inspection.generation ? b : a),
    null,
  );
  if (newest === null) {
    const damaged = found.flatMap(({ file, inspection }) =>
      inspection.kind === 'damaged' ? [`${file} is damaged: ${inspection.why}`] : [],
    );
    if (damaged.length === 0) return null;
    throw new EngineError(
      'STATE_FORMAT',
      `${damaged.join('; ')}; no whole copy is left in the data directory; move its files service*.sqlite* away to start with the copy in the store of the checkpoints, or with an empty database`,
      { directory },
    );
  }
  const { generation, entries } = newest.inspection;
  for (const { file, inspection } of found) {
    if (inspection.kind === 'whole' && inspection.generation === generation) continue;
    replaceFile(file, newest.file, inspection, log);
  }
  return SqliteDatabase.open(files, generation, entries);
}

/** Creates the database of a data directory that has none. */
export function createDatabase(directory: string, entries: readonly StoreEntry[], log: Log): StoreDatabase {
  const bytes = entries.reduce((all, { content }) => all + content.length, 0);
  requireFreeSpace(directory, START_BYTES + 4 * bytes);
  SqliteDatabase.create([path.join(directory, MAIN), path.join(directory, COPY)], entries);
  systemDisk.syncDirectory(directory);
  return openDatabase(directory, log)!;
}

/** Moves the files of a database away. */
export function moveDatabaseAway(directory: string, suffix: string): void {
  for (const name of [MAIN, COPY]) moveAway(path.join(directory, name), suffix);
}

/** Replaces a damaged, missing or older file by a copy of the whole one. */
function replaceFile(file: string, whole: string, inspection: Inspection, log: Log): void {
  const fresh = `${file}.new`;
  fs.rmSync(fresh, { force: true });
  try {
    copyDatabase(whole, fresh);
  } catch (cause) {
    const message = `${whole} cannot be copied to ${file}: ${(cause as Error).message}`;
    throw new EngineError('STATE_STORE', message, { file }, cause);
  }
  const why =
    inspection.kind === 'damaged'
      ? `is damaged (${inspection.why})`
      : inspection.kind === 'whole'
        ? 'lacks the newest changes'
        : 'is missing';
  const suffix = `damaged-${Math.floor(fs.statSync(fresh).mtimeMs)}`;
  if (inspection.kind !== 'absent') moveAway(file, suffix);
  else for (const name of [file, `${file}-journal`]) fs.rmSync(name, { force: true });
  fs.renameSync(fresh, file);
  systemDisk.syncDirectory(path.dirname(file));
  const kept = inspection.kind === 'absent' ? '' : `; it is kept as ${path.basename(file)}.${suffix}`;
  log.warn({ file }, `${file} ${why}; it was replaced by a copy of ${whole}${kept}`);
}

function copyDatabase(from: string, to: string): void {
  const database = new (loadSqlite().DatabaseSync)(from);
  try {
    database.prepare('VACUUM INTO ?').run(to);
  } finally {
    database.close();
  }
  const fd = fs.openSync(to, 'r+');
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}

function moveAway(file: string, suffix: string): void {
  for (const part of ['', '-journal']) {
    if (fs.existsSync(file + part)) fs.renameSync(file + part, `${file}.${suffix}${part}`);
  }
}
