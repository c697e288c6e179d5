import fs from 'node:fs';
import { EngineError } from '../../core/engine-error.ts';

/** Excludes a second process from the resource that `acquire` names in its message. */
export interface JobLock {
  /** Throws JOB_LOCKED. */
  acquire(what: string): void;
  release(): void;
}

/**
 * A lock file that names its owner process. The lock of a dead process does not block: the process
 * id must exist and, if /proc is available, its start time must match the lock, so that a reused id
 * does not count as the old owner.
 */
export class ProcessLock implements JobLock {
  readonly #file: string;
  #held = false;

  constructor(file: string) {
    this.#file = file;
  }

  acquire(what: string): void {
    const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), nonce: lockNonce() });
    for (let attempt = 0; attempt < 5; attempt++) {
      if (this.#create(mine)) {
        this.#held = true;
        heldHere.add(this.#file);
        return;
      }
      const text = this.#read();
      if (text === null) continue;
      const owner = parseOwner(text);
      if (owner !== null && this.#alive(owner)) {
        throw new EngineError('JOB_LOCKED', `${what} is in use by process ${owner.pid}`, { pid: owner.pid });
      }
      this.#takeAway(text);
    }
    throw new EngineError('JOB_LOCKED', `${what} is being taken by another process`, {});
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    heldHere.delete(this.#file);
    try {
      fs.rmSync(this.#file, { force: true });
    } catch {
      giveUp(this.#file);
    }
  }

  /**
   * Creates the lock by a link, so that it never exists without its text. False when there is a
   * lock already.
   */
  #create(text: string): boolean {
    const written = `${this.#file}.${process.pid}.new`;
    try {
      fs.writeFileSync(written, text);
      fs.linkSync(written, this.#file);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    } finally {
      fs.rmSync(written, { force: true });
    }
  }

  #read(): string | null {
    try {
      return fs.readFileSync(this.#file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  /**
   * Renames the lock before it removes it. If two processes consider the same lock stale, only one
   * removes it; the other finds that it has renamed a new lock, and restores that.
   */
  #takeAway(stale: string): void {
    const aside = `${this.#file}.${process.pid}.stale`;
    try {
      fs.renameSync(this.#file, aside);
      if (fs.readFileSync(aside, 'utf8') !== stale) fs.linkSync(aside, this.#file);
    } catch (error) {
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      fs.rmSync(aside, { force: true });
    }
  }

  #alive(owner: { pid: number; started: string | null }): boolean {
    if (owner.pid === process.pid) return heldHere.has(this.#file) || owner.started === startOf(process.pid);
    try {
      process.kill(owner.pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    }
    const started = startOf(owner.pid);
    return started === null || owner.started === null || started === owner.started;
  }
}

/** Reads the owner of a lock. Null: there is no owner, because a crash left an incomplete text. */
function parseOwner(text: string): { pid: number; started: string | null } | null {
  try {
    return JSON.parse(text) as { pid: number; started: string | null };
  } catch {
    return null;
  }
}

/** Locks of this process (several jobs of a service run in it). */
const heldHere = new Set<string>();

/**
 * Returns the start time of a process in clock ticks since boot, if /proc exists. A zombie counts
 * as dead.
 */
export function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

const lockNonce = (): string => process.hrtime.bigint().toString(36);

/**
 * Empties a lock that cannot be removed. A lock without text has no owner. If this also fails, the
 * lock expires with this process.
 */
function giveUp(file: string): void {
  try {
    fs.truncateSync(file);
  } catch {}
}
