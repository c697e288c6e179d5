import type * as sqlite from 'node:sqlite';

export type { DatabaseSync, StatementSync } from 'node:sqlite';

let loaded: typeof sqlite | null = null;

/**
 * Returns node:sqlite, which is loaded on the first call. Node 22 calls the module experimental and
 * prints a warning when it is loaded. The versions that the project supports are tested, so the
 * warning is left out, and only this one.
 */
export function loadSqlite(): typeof sqlite {
  if (loaded !== null) return loaded;
  const { emitWarning } = process;
  const filtered = (...[warning, ...rest]: Parameters<typeof emitWarning>): void => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) emitWarning.call(process, warning, ...rest);
  };
  process.emitWarning = filtered as typeof emitWarning;
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
  return loaded;
}

/** Returns the primary result code of an error of node:sqlite. Null: another error. */
export function sqliteCode(error: unknown): number | null {
  const code = (error as { errcode?: unknown }).errcode;
  return typeof code === 'number' ? code & 0xff : null;
}

/** Result codes of SQLite, from https://sqlite.org/rescode.html. */
export const SQLITE_BUSY = 5;
export const SQLITE_IOERR = 10;
export const SQLITE_CORRUPT = 11;
export const SQLITE_FULL = 13;
export const SQLITE_PROTOCOL = 15;
export const SQLITE_NOTADB = 26;
