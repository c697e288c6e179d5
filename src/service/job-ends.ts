import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import type { Scheduler } from '../core/scheduler.ts';
import type { ManagedJob } from './managed-job.ts';
import type { ServiceLog } from './service-log.ts';
import type { ServiceStore } from './store/service-store.ts';

const RETRY_MS = 5_000;

export interface JobEndsOptions {
  readonly store: ServiceStore;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly log: ServiceLog;
}

/**
 * Stores the ends of jobs. A job whose end cannot be stored, for example on a full disk, has
 * FAILED, because it would run again after a restart of the service. Its end is tried again until
 * it is stored. After any failure, the store is tried again too, so that `problem` disappears when
 * the disk has space again.
 */
export class JobEnds {
  readonly #options: JobEndsOptions;
  readonly #waiting = new Map<string, ManagedJob>();
  #stopRetry: (() => void) | null = null;

  constructor(options: JobEndsOptions) {
    this.#options = options;
    options.store.onProblem = () => {
      this.#stopRetry ??= options.scheduler.every(RETRY_MS, () => this.retry());
    };
  }

  /** Never throws. */
  ended(job: ManagedJob): void {
    this.#waiting.delete(job.id);
    if (!this.#options.store.jobs.has(job.id)) return;
    try {
      this.#record(job);
    } catch (error) {
      job.endNotStored((error as Error).message);
      this.#waiting.set(job.id, job);
    }
  }

  #record(job: ManagedJob): void {
    const { store, clock } = this.#options;
    const { state, failure, failures } = job;
    store.record({ kind: 'job-ended', id: job.id, end: { state, at: job.endedAt ?? clock.now(), failure, failures } });
  }

  /** Forgets the end of a job that runs again or was removed. */
  forget(id: string): void {
    this.#waiting.delete(id);
  }

  /** Throws STATE_STORE if the end of the job is not stored. */
  check(id: string): void {
    const job = this.#waiting.get(id);
    if (job === undefined) return;
    throw new EngineError('STATE_STORE', `the job ${id} has ended, but its end cannot be stored yet`, { job: id });
  }

  /** Ids of the jobs whose end is not stored. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  retry(): void {
    const { store, log } = this.#options;
    try {
      for (const [id, job] of this.#waiting) {
        if (store.jobs.has(id) && !job.active) this.#record(job);
        this.#waiting.delete(id);
        log.info({ job: id }, 'the end of the job is stored now');
      }
      if (store.problem !== null) store.probe();
      this.#stopRetry?.();
      this.#stopRetry = null;
    } catch {
      // It is tried again. The failure is in the health of the service.
    }
  }

  close(): void {
    this.retry();
    this.#stopRetry?.();
    this.#stopRetry = null;
  }
}
