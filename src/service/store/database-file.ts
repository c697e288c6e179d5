import fs from 'node:fs';
import { EngineError } from '../../core/engine-error.ts';
import {
  type DatabaseSync,
  loadSqlite,
  SQLITE_CORRUPT,
  SQLITE_IOERR,
  SQLITE_NOTADB,
  sqliteCode,
} from '../../core/sqlite.ts';
import { checksumOf, entryChecksum, SetDigest } from './entry-checksum.ts';
import type { StoreEntry } from './store-database.ts';

/** The format of the tables. A newer format is refused. */
export const STORE_FORMAT = 1;

/** `summary` has one row. Each transaction increases `generation`. */
export const tablesIn = (schema: string): string => `
CREATE TABLE ${schema}.entry (
  position INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  checksum TEXT NOT NULL,
  UNIQUE (kind, name)
) STRICT;
CREATE TABLE ${schema}.summary (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  format INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  entries INTEGER NOT NULL,
  digest TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;`;

export interface Summary {
  readonly format: number;
  readonly generation: number;
  readonly entries: number;
  readonly digest: string;
}

export const summaryChecksum = ({ format, generation, entries, digest }: Summary): string =>
  checksumOf([String(format), String(generation), String(entries), digest]);

export interface PlacedEntry extends StoreEntry {
  readonly position: number;
  readonly checksum: string;
}

export type Inspection =
  /** There is no file, or nothing was ever committed to it. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'damaged'; readonly why: string }
  | { readonly kind: 'whole'; readonly generation: number; readonly entries: readonly PlacedEntry[] };

/**
 * Reads a database file and checks all of it: its pages, each entry, and that no entry is missing.
 * SQLite first rolls back a transaction that a crash interrupted. Throws STATE_STORE if the file
 * cannot be opened, and STATE_FORMAT if it has a newer format.
 */
export function inspectDatabase(file: string): Inspection {
  if (!fs.existsSync(file)) return { kind: 'absent' };
  let database: DatabaseSync | null = null;
  try {
    database = new (loadSqlite().DatabaseSync)(file);
    return inspect(database, file);
  } catch (cause) {
    const code = sqliteCode(cause);
    if (code === SQLITE_CORRUPT || code === SQLITE_NOTADB || isUnreadable(cause)) {
      return { kind: 'damaged', why: (cause as Error).message };
    }
    if (cause instanceof EngineError) throw cause;
    throw new EngineError('STATE_STORE', `${file} cannot be opened: ${(cause as Error).message}`, { file }, cause);
  } finally {
    database?.close();
  }
}

function inspect(database: DatabaseSync, file: string): Inspection {
  const tables = database.prepare('SELECT count(*) AS n FROM sqlite_schema').get() as { n: number };
  if (tables.n === 0) return { kind: 'absent' };
  const [first] = database.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[];
  if (first?.integrity_check !== 'ok')
    return { kind: 'damaged', why: (first?.integrity_check ?? 'no answer').replaceAll('\n', ' ') };
  const summary = database.prepare('SELECT * FROM summary WHERE id = 1').get() as
    | (Summary & { checksum: string })
    | undefined;
  if (summary === undefined) return { kind: 'damaged', why: 'its summary is missing' };
  if (summary.checksum !== summaryChecksum(summary)) return { kind: 'damaged', why: 'its summary is damaged' };
  if (summary.format > STORE_FORMAT) {
    const message = `${file} has format ${summary.format}; this version reads up to ${STORE_FORMAT}`;
    throw new EngineError('STATE_FORMAT', message, { file });
  }
  const entries = database.prepare('SELECT * FROM entry ORDER BY position').all() as unknown as PlacedEntry[];
  const digest = new SetDigest();
  for (const entry of entries) {
    if (entry.checksum !== entryChecksum(entry, entry.position)) {
      return { kind: 'damaged', why: `the entry ${entry.kind} ${entry.name} is damaged` };
    }
    digest.add(entry.checksum);
  }
  if (digest.count !== summary.entries || digest.text !== summary.digest) {
    return { kind: 'damaged', why: `it has ${digest.count} of ${summary.entries} entries, or others than it had` };
  }
  return { kind: 'whole', generation: summary.generation, entries };
}

/** SQLite's extended codes of SQLITE_IOERR for bytes that cannot be read from the disk. */
const READ = SQLITE_IOERR | (1 << 8);
const SHORT_READ = SQLITE_IOERR | (2 << 8);
const DATA = SQLITE_IOERR | (32 << 8);
const CORRUPT_FS = SQLITE_IOERR | (33 << 8);

function isUnreadable(error: unknown): boolean {
  const code = (error as { errcode?: number }).errcode ?? 0;
  // A missing table means that the schema is damaged.
  const noTable = code === 1 && /no such (table|column)/.test((error as Error).message);
  return noTable || [READ, SHORT_READ, DATA, CORRUPT_FS].includes(code);
}
