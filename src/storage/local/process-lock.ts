import fs from 'node:fs';
import { EngineError } from '../../core/engine-error.ts';

/** Keeps a second process away from what `acquire` names in its message. */
export interface JobLock {
  /** Throws JOB_LOCKED. */
  acquire(what: string): void;
  release(): void;
}

/**
 * A lock file that names the process holding it. The lock of a dead process does not block: the
 * process id must exist and, where /proc tells, have started when the lock says, so that a reused
 * id is not taken for the old owner.
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
   * By a link, so that the lock is there with its text or not at all; false when there is one
   * already.
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
   * Renamed before it is removed: of two processes that judged the same lock stale only one takes
   * it away; the other finds that it holds a new one, and puts that back.
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

/** Who holds a lock; null: nobody, since the text was torn by a crash while it was written. */
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
 * Start time of a process in clock ticks since boot, where /proc exists. A zombie counts as dead.
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
 * A lock that cannot be removed: without its text it is nobody's. Should that fail too, it goes
 * when this process is dead.
 */
function giveUp(file: string): void {
  try {
    fs.truncateSync(file);
  } catch {}
}
