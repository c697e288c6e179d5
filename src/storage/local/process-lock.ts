import fs from 'node:fs';
import { EngineError } from '../../core/engine-error.ts';

/**
 * A lock file that names the process holding it. The lock of a dead process does not block: the process id must exist and, where /proc tells, have started when the
 * lock says, so that a reused id is not taken for the old owner.
 */
export class ProcessLock {
  readonly #file: string;
  #held = false;

  constructor(file: string) {
    this.#file = file;
  }

  acquire(what: string): void {
    const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), nonce: lockNonce() });
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        fs.writeFileSync(this.#file, mine, { flag: 'wx' });
        this.#held = true;
        heldHere.add(this.#file);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const owner = this.#owner();
      if (owner !== null && this.#alive(owner)) {
        throw new EngineError('JOB_LOCKED', `${what} is in use by process ${owner.pid}`, { pid: owner.pid });
      }
      // Renamed before it is removed: of two processes that find a stale lock only one takes it away.
      const stale = `${this.#file}.${process.pid}.stale`;
      try {
        fs.renameSync(this.#file, stale);
        fs.rmSync(stale, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    throw new EngineError('JOB_LOCKED', `${what} is being taken by another process`, {});
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    heldHere.delete(this.#file);
    fs.rmSync(this.#file, { force: true });
  }

  #owner(): { pid: number; started: string | null } | null {
    try {
      return JSON.parse(fs.readFileSync(this.#file, 'utf8')) as { pid: number; started: string | null };
    } catch {
      // Gone meanwhile, or torn by a crash while it was written: nobody's.
      return null;
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

/** Locks of this process (several jobs of a service run in it). */
const heldHere = new Set<string>();

/** Start time of a process in clock ticks since boot, where /proc exists. A zombie counts as dead. */
function startOf(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

const lockNonce = (): string => process.hrtime.bigint().toString(36);
