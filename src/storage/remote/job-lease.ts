import os from 'node:os';
import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import { bootHere, pidNamespaceHere, startOf } from '../local/process-identity.ts';
import type { ObjectStore } from './object-store.ts';

export interface LeaseTimes {
  readonly renewEveryMs: number;
  /** A lease that was not renewed for this time has expired. */
  readonly expiresMs: number;
}

export const LEASE_TIMES: LeaseTimes = { renewEveryMs: 5_000, expiresMs: 15_000 };
const LOOKS = 30;

/** The owner of a lease. `count` grows with each renewal. */
interface Lease {
  readonly host: string;
  readonly pid: number;
  /**
   * Identifies the machine or container, independent of its name; null if the system provides no
   * id.
   */
  readonly machine: string | null;
  readonly started: string | null;
  readonly count: number;
}

/**
 * The heartbeat of an owner: an object that the owner rewrites every few seconds. The lease only
 * makes a second process wait or end early. The log guarantees that there is one owner. Clocks of
 * machines are never compared, because a waiting process only checks whether the object changes.
 */
export class JobLease {
  readonly #objects: ObjectStore;
  readonly #clock: Clock;
  readonly #scheduler: Scheduler;
  readonly #key: string;
  readonly #times: LeaseTimes;
  #count = 0;
  #stop: (() => void) | null = null;
  #renewal: Promise<void> = Promise.resolve();

  constructor(objects: ObjectStore, owner: string, clock: Clock, scheduler: Scheduler, times: LeaseTimes) {
    this.#objects = objects;
    this.#clock = clock;
    this.#scheduler = scheduler;
    this.#key = keyOf(owner);
    this.#times = times;
  }

  /** Writes the lease. Call this method before the claim, so that every claim has a lease. */
  async take(): Promise<void> {
    await this.#write();
    this.#stop = this.#scheduler.every(this.#times.renewEveryMs, () => {
      // A failed renewal is not fatal: the next may succeed, and an expired lease only lets another
      // process fence this one.
      this.#renewal = this.#renewal.then(() => this.#write()).catch(() => {});
    });
  }

  async drop(): Promise<void> {
    if (this.#stop === null) return;
    this.#stop();
    this.#stop = null;
    await this.#renewal;
    await this.#objects.delete(this.#key);
  }

  /**
   * Resolves when the lease of `owner` is released or expired, or its process is certainly dead.
   * Throws JOB_LOCKED as soon as it is renewed.
   */
  async waitUntilFree(owner: string): Promise<void> {
    const first = await this.#objects.get(keyOf(owner));
    if (first === null) return;
    const lease = parseLease(first);
    if (lease !== null && isDeadHere(lease)) return;
    const until = this.#clock.monotonicMs() + this.#times.expiresMs;
    while (this.#clock.monotonicMs() < until) {
      await this.#clock.sleep(this.#times.expiresMs / LOOKS);
      const now = await this.#objects.get(keyOf(owner));
      if (now === null) return;
      if (now.equals(first)) continue;
      const by = parseLease(now) ?? lease;
      throw new EngineError(
        'JOB_LOCKED',
        `the job in ${this.#objects.location} is in use by process ${by?.pid} on ${by?.host}`,
        { pid: by?.pid, host: by?.host },
      );
    }
  }

  /** Deletes the leases of earlier owners, which have no effect any more. */
  async dropOthers(): Promise<void> {
    for (const { key } of await this.#objects.list('lease/')) if (key !== this.#key) await this.#objects.delete(key);
  }

  async #write(): Promise<void> {
    const lease: Lease = {
      host: os.hostname(),
      pid: process.pid,
      machine: machineHere(),
      started: startOf(process.pid),
      count: ++this.#count,
    };
    await this.#objects.put(this.#key, Buffer.from(JSON.stringify(lease)));
  }
}

const keyOf = (owner: string): string => `lease/${owner}`;

function parseLease(content: Buffer): Lease | null {
  try {
    return JSON.parse(content.toString()) as Lease;
  } catch {
    return null;
  }
}

/**
 * Returns whether a process of this machine and this process id namespace is dead. Other processes
 * count as dead when their lease expires.
 */
function isDeadHere({ pid, machine, started }: Lease): boolean {
  if (machine === null || machine !== machineHere() || pid === process.pid) return false;
  const now = startOf(pid);
  return now === null || now === 'dead' || now !== started;
}

function machineHere(): string | null {
  const boot = bootHere();
  const namespace = pidNamespaceHere();
  return boot === null || namespace === null ? null : `${boot} ${namespace}`;
}
