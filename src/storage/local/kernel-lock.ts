import fs from 'node:fs';
import path from 'node:path';
import { EngineError } from '../../core/engine-error.ts';
import {
  type DatabaseSync,
  loadSqlite,
  SQLITE_BUSY,
  SQLITE_IOERR,
  SQLITE_PROTOCOL,
  sqliteCode,
} from '../../core/sqlite.ts';

/**
 * An exclusive lock on a file that the kernel holds for this process. The kernel releases it when
 * the process dies. The lock works across process id namespaces, because the kernel compares files
 * and not process ids. Node has no call for such a lock. SQLite has one for its databases, and it
 * also excludes the other threads of this process. The file stays empty. It is never removed:
 * otherwise two processes could lock two files of the same name.
 *
 * Do not open the file in any other way: on POSIX systems, closing any descriptor of a file
 * releases the locks that the process has on it.
 */
export class KernelLock {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * `held`: another process or thread has the lock. `unsupported`: the file system has no locks.
   */
  static take(file: string): KernelLock | 'held' | 'unsupported' {
    const taken = lock(file);
    if (taken !== 'held') return taken;
    // SQLite reports a file system without locks as a lock that is held.
    const probe = path.join(path.dirname(file), `.lock-probe-${process.pid}-${process.hrtime.bigint()}`);
    try {
      const free = lock(probe);
      if (free instanceof KernelLock) free.release();
      return free instanceof KernelLock ? 'held' : 'unsupported';
    } finally {
      fs.rmSync(probe, { force: true });
    }
  }

  release(): void {
    this.#database.close();
  }
}

function lock(file: string): KernelLock | 'held' | 'unsupported' {
  let database: DatabaseSync | null = null;
  try {
    database = new (loadSqlite().DatabaseSync)(file);
    // With a rollback journal in memory, the transaction writes nothing, also on a full disk.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    return new KernelLock(database);
  } catch (cause) {
    database?.close();
    const code = sqliteCode(cause);
    if (code === SQLITE_BUSY) return 'held';
    if (code === SQLITE_IOERR || code === SQLITE_PROTOCOL) return 'unsupported';
    throw new EngineError('STATE_STORE', `the lock ${file} cannot be taken: ${(cause as Error).message}`, {}, cause);
  }
}
