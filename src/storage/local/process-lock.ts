import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { type Scheduler, systemScheduler } from '../../core/scheduler.ts';
import { KernelLock } from './kernel-lock.ts';
import { judgeOwner, type LockRecord, ownerText, parseRecord, recordHere } from './lock-record.ts';
import { bootHere, pidNamespaceHere } from './process-identity.ts';
import { mayBeShared } from './shared-file-system.ts';

/** Excludes a second process from the resource that `acquire` names in its message. */
export interface JobLock {
  /** Resolves when it is certain whether a former owner on another machine still runs. */
  watch?(): Promise<void>;
  /** Throws JOB_LOCKED. */
  acquire(what: string): void;
  /** Throws JOB_LOCKED if another process has taken the lock over. */
  check?(): void;
  release(): void;
}

export interface LockPorts {
  readonly kernel?: (file: string) => KernelLock | 'held' | 'unsupported';
  readonly shared?: (directory: string) => boolean;
  readonly clock?: Clock;
  readonly scheduler?: Scheduler;
}

/** An owner renews its lock this often. A lock that was not renewed for `EXPIRES_MS` is free. */
export const RENEW_MS = 5_000;
export const EXPIRES_MS = 15_000;
const LOOKS = 30;

/**
 * The lock of a directory. It has two lines:
 *
 * 1. A lock of the kernel on the file `<name>.kernel`. It excludes all processes of the machine, in
 *    any container, and it is free as soon as its owner dies.
 * 2. The file `<name>`, which names the owner with a nonce. Where the file system has no locks or
 *    where other machines may use it, the owner renews the file as a heartbeat. A second process
 *    watches the heartbeat before it takes the lock. `check` finds the nonce of a successor.
 *
 * An older version knows only the second line.
 */
export class ProcessLock implements JobLock {
  readonly #file: string;
  readonly #ports: Required<LockPorts>;
  readonly #nonce = randomUUID();
  #held = false;
  #kernel: KernelLock | null = null;
  #stopBeat: () => void = () => {};
  /** The text of a lock whose heartbeat has stopped. */
  #expired: string | null = null;

  constructor(file: string, ports: LockPorts = {}) {
    this.#file = file;
    const { kernel = KernelLock.take, shared = mayBeShared } = ports;
    this.#ports = { kernel, shared, clock: ports.clock ?? systemClock, scheduler: ports.scheduler ?? systemScheduler };
  }

  /** Clocks of machines are never compared: the file must not change for `EXPIRES_MS`. */
  async watch(): Promise<void> {
    const first = this.#read();
    const owner = first === null ? null : parseRecord(first);
    if (owner === null) return;
    const kernel = this.#ports.kernel(this.#kernelFile);
    // `acquire` refuses.
    if (kernel === 'held') return;
    if (kernel !== 'unsupported') kernel.release();
    if (this.#judge(owner, kernel !== 'unsupported') !== 'unknown') return;
    const { clock } = this.#ports;
    const until = clock.monotonicMs() + EXPIRES_MS;
    while (clock.monotonicMs() < until) {
      await clock.sleep(EXPIRES_MS / LOOKS);
      if (this.#read() !== first) return;
    }
    this.#expired = first;
  }

  acquire(what: string): void {
    const kernel = this.#ports.kernel(this.#kernelFile);
    if (kernel === 'held') throw this.#inUse(what);
    this.#kernel = kernel === 'unsupported' ? null : kernel;
    try {
      this.#takeFile(what);
    } catch (error) {
      this.#releaseKernel();
      throw error;
    }
    this.#held = true;
    heldHere.set(this.#file, this);
    if (this.#kernel === null || this.#ports.shared(path.dirname(this.#file))) {
      let beat = 0;
      // A failed renewal is not fatal: the next may succeed, and an expired lock only lets another
      // process take over, which `check` finds.
      this.#stopBeat = this.#ports.scheduler.every(RENEW_MS, () => this.#renew(++beat));
    }
  }

  #takeFile(what: string): void {
    const mine = JSON.stringify(recordHere(this.#nonce, this.#kernel !== null, 0));
    for (let attempt = 0; attempt < 5; attempt++) {
      if (this.#create(mine)) return;
      const text = this.#read();
      if (text === null) continue;
      const owner = parseRecord(text);
      const dead = owner === null || text === this.#expired || this.#judge(owner, this.#kernel !== null) === 'dead';
      if (!dead) throw this.#inUse(what);
      this.#takeAway(text);
    }
    throw new EngineError('JOB_LOCKED', `${what} is being taken by another process`, {});
  }

  /** `kernelFree`: this process has the lock of the kernel, or could take it. */
  #judge(owner: LockRecord, kernelFree: boolean): 'alive' | 'dead' | 'unknown' {
    // A living owner on this machine would have the lock of the kernel.
    const here = owner.boot === bootHere() || !this.#ports.shared(path.dirname(this.#file));
    if (owner.kernel === true && kernelFree && here) return 'dead';
    if (owner.pid === process.pid && heldHere.has(this.#file)) return 'alive';
    return judgeOwner(owner);
  }

  get #kernelFile(): string {
    return `${this.#file}.kernel`;
  }

  #inUse(what: string): EngineError {
    const text = this.#read();
    const owner = text === null ? null : parseRecord(text);
    if (owner === null) return new EngineError('JOB_LOCKED', `${what} is in use by another process`, {});
    return new EngineError('JOB_LOCKED', `${what} is in use by ${ownerText(owner)}`, { pid: owner.pid });
  }

  check(): void {
    if (!this.#held) return;
    const text = this.#read();
    const owner = text === null ? null : parseRecord(text);
    if (owner === null || owner.nonce === this.#nonce) return;
    const message = `${path.dirname(this.#file)} was taken over by ${ownerText(owner)}`;
    throw new EngineError('JOB_LOCKED', message, { pid: owner.pid });
  }

  #renew(beat: number): void {
    const written = `${this.#file}.${this.#nonce}.new`;
    try {
      this.check();
      fs.writeFileSync(written, JSON.stringify(recordHere(this.#nonce, this.#kernel !== null, beat)));
      fs.renameSync(written, this.#file);
    } catch {
      // `check` reports a takeover to the owner. Another failure may be over at the next renewal.
    }
  }

  release(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#stopBeat();
    heldHere.delete(this.#file);
    try {
      if (this.#isMine()) fs.rmSync(this.#file, { force: true });
    } catch {
      giveUp(this.#file);
    } finally {
      this.#releaseKernel();
    }
  }

  #isMine(): boolean {
    const text = this.#read();
    return text !== null && parseRecord(text)?.nonce === this.#nonce;
  }

  #releaseKernel(): void {
    this.#kernel?.release();
    this.#kernel = null;
  }

  /**
   * Creates the lock by a link, so that it never exists without its text. False when there is a
   * lock already.
   */
  #create(text: string): boolean {
    const written = `${this.#file}.${this.#nonce}.new`;
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
    const aside = `${this.#file}.${this.#nonce}.stale`;
    try {
      fs.renameSync(this.#file, aside);
      if (fs.readFileSync(aside, 'utf8') !== stale) fs.linkSync(aside, this.#file);
    } catch (error) {
      if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    } finally {
      fs.rmSync(aside, { force: true });
    }
  }
}

/**
 * Removes a lock that a dead thread of this process left where the kernel has no locks. Call this
 * function only if this process owns the directory around it, so that no other can have the lock.
 */
export function dropOwnLock(file: string): void {
  try {
    const owner = parseRecord(fs.readFileSync(file, 'utf8'));
    const here = owner?.namespace === undefined || owner.namespace === pidNamespaceHere();
    if (owner?.pid === process.pid && here) fs.rmSync(file, { force: true });
  } catch {
    // There is no lock.
  }
}

/**
 * Locks of this thread (several jobs of a service run in a process). The reference also keeps the
 * lock of the kernel, which a garbage collection would release.
 */
const heldHere = new Map<string, ProcessLock>();

/**
 * Empties a lock that cannot be removed. A lock without text has no owner. If this also fails, the
 * lock expires with this process.
 */
function giveUp(file: string): void {
  try {
    fs.truncateSync(file);
  } catch {}
}
