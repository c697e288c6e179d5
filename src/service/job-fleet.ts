import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { type Disk, systemDisk } from '../core/disk.ts';
import { EngineError } from '../core/engine-error.ts';
import { type Scheduler, systemScheduler } from '../core/scheduler.ts';
import type { CheckpointStorage } from '../engine/checkpoint/checkpoint-storage.ts';
import { deleteAllCheckpoints } from '../engine/checkpoint/retention.ts';
import { dropOwnLock } from '../storage/local/process-lock.ts';
import { openStorage, type StoragePlace } from '../storage/open-storage.ts';
import type { JobDefinition } from './job-definition.ts';
import { ManagedJob } from './managed-job.ts';
import { MemoryShares, type MemoryUse } from './memory-shares.ts';
import { RecentRows } from './recent-rows.ts';
import type { JobState, ReloadStatus } from './service-api.ts';
import type { ServiceLog } from './service-log.ts';
import type { StartThread } from './worker/job-host.ts';
import { ThreadPool } from './worker/thread-pool.ts';

/** Jobs that run or are about to run. */
const ACTIVE_MAX = 256;
/** A preview without a reader ends after this time. An ended one stays listed for the same time. */
const PREVIEW_IDLE_MS = 60_000;
/** Idle jobs become busy, and busy ones idle. */
const DIVIDE_EVERY_MS = 1000;
const ACTIVE_STATES: readonly JobState[] = ['CREATED', 'RUNNING', 'RESTARTING'];

/** The parts of the fleet that a simulation replaces. */
export interface FleetPorts {
  readonly scheduler: Scheduler;
  readonly disk: Disk;
  readonly startThread: StartThread;
  /** Ends the threads. Their jobs have ended. */
  readonly endThreads: () => Promise<void>;
  readonly storageOf: (place: StoragePlace) => CheckpointStorage;
}

export function systemPorts(clock: Clock, threads: ThreadPool = new ThreadPool()): FleetPorts {
  return {
    scheduler: systemScheduler,
    disk: systemDisk,
    startThread: (spec, listener) => {
      dropOwnLock(path.join(spec.directory, 'lock'));
      return threads.start(spec, listener);
    },
    endThreads: () => threads.close(),
    storageOf: (place) => openStorage(place, clock),
  };
}

export interface FleetOptions {
  readonly dataDirectory: string;
  /** `execution.checkpointing.dir` of the service; null: below the data directory. */
  readonly checkpointDirectory: string | null;
  readonly s3: StoragePlace['s3'];
  readonly hdfsUser?: string | null;
  readonly memoryBytes: number;
  readonly batchRows: number;
  readonly ports?: FleetPorts;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: ServiceLog;
  onState(job: ManagedJob): void;
  onReload?(job: ManagedJob, reload: ReloadStatus): void;
  /** The continuations of a job before the last start of the service, oldest first. */
  reloadsOf?(id: string): readonly ReloadStatus[];
  onRows?(job: ManagedJob, sink: string, lines: readonly string[], written: number): void;
  print(text: string): void;
}

/**
 * All jobs of the service. They share the memory, the limit of running jobs, and the list of their
 * latest rows.
 */
export class JobFleet {
  readonly recent: RecentRows;
  readonly shares: MemoryShares;
  readonly #options: FleetOptions;
  readonly #ports: FleetPorts;
  readonly #jobs = new Map<string, ManagedJob>();
  readonly #previewTimers = new Map<string, () => void>();
  readonly #stopDividing: () => void;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#ports = options.ports ?? systemPorts(options.clock);
    this.shares = new MemoryShares(options.memoryBytes);
    this.recent = new RecentRows(options.clock);
    this.#stopDividing = this.#ports.scheduler.every(DIVIDE_EVERY_MS, () => this.#divideMemory());
  }

  list(): readonly ManagedJob[] {
    return [...this.#jobs.values()];
  }

  get(id: string): ManagedJob | undefined {
    return this.#jobs.get(id);
  }

  get activeCount(): number {
    return this.list().filter((j) => j.active).length;
  }

  /** Refuses `more` additional jobs with the figures when the limit is exceeded. */
  checkRoom(more: number): void {
    const jobs = this.activeCount + more;
    if (more <= 0) return;
    if (jobs > ACTIVE_MAX) {
      throw new EngineError('JOB_LIMIT', `${jobs} jobs would run, but at most ${ACTIVE_MAX} may`, { jobs });
    }
    this.shares.check(this.#memoryUses(), more);
  }

  /** Returns `<data directory>/jobs/<id>`, which contains checkpoints and live state. */
  directoryOf(id: string): string {
    return path.join(this.#options.dataDirectory, 'jobs', id);
  }

  /** Returns the place of the checkpoints of a job. Live state is always below `directoryOf`. */
  placeOf(id: string): StoragePlace {
    const { checkpointDirectory, dataDirectory, s3, hdfsUser = null } = this.#options;
    if (checkpointDirectory === null) return { directory: path.join(dataDirectory, 'jobs'), job: id, work: null, s3 };
    return { directory: checkpointDirectory, job: id, work: path.join(this.directoryOf(id), 'work'), s3, hdfsUser };
  }

  /**
   * Adds a job. The caller starts the job. Replaces a job with the same id, which must have ended.
   */
  add(definition: JobDefinition): ManagedJob {
    const { id } = definition;
    if (this.#jobs.get(id)?.active) throw new EngineError('JOB_EXISTS', `the job ${id} runs already`, { job: id });
    const { clock, random, log, batchRows, dataDirectory } = this.#options;
    const ports = this.#ports;
    const job = new ManagedJob(definition, {
      clock,
      scheduler: ports.scheduler,
      startThread: ports.startThread,
      random,
      log,
      batchRows,
      directory: this.directoryOf(id),
      checkpoints: this.placeOf(id),
      temporary: path.join(dataDirectory, 'tmp'),
      openingMemory: () => this.shares.opening(this.activeCount),
      mostMemoryBytes: this.shares.budgetBytes,
      reloads: this.#options.reloadsOf?.(id) ?? [],
      onReload: (from, reload) => this.#options.onReload?.(from, reload),
      onRows: (from, sink, lines, written) => {
        if (!definition.preview) this.recent.add(id, sink, lines);
        this.#options.onRows?.(from, sink, lines, written);
      },
      onState: (changed) => this.#onState(changed),
      print: (text) => this.#options.print(text),
    });
    this.#jobs.set(id, job);
    if (definition.preview) this.#watchPreview(job);
    return job;
  }

  #memoryUses(): readonly MemoryUse[] {
    return this.list().flatMap((job) => (job.active ? [job.memoryUse] : []));
  }

  /** Gives each job its share of the memory. */
  #divideMemory(): void {
    const active = this.list().filter((job) => job.active);
    const shares = this.shares.divide(active.map((job) => job.memoryUse));
    for (const [i, job] of active.entries()) job.shareMemory(shares[i]!);
  }

  #onState(job: ManagedJob): void {
    this.#divideMemory();
    if (job.definition.preview && !job.active) this.#forgetLater(job);
    this.#options.onState(job);
  }

  /** Ends a preview that has no reader. A later reader still gets the last rows. */
  #watchPreview(job: ManagedJob): void {
    const idle = (): void => {
      if (!job.output.followed) void job.cancel();
    };
    job.output.onAbandoned = idle;
    this.#setTimer(job, () => {
      if (!job.output.everFollowed) idle();
    });
  }

  #forgetLater(job: ManagedJob): void {
    this.#ports.disk.removeNow(path.join(this.#options.dataDirectory, 'tmp', job.id));
    this.#setTimer(job, () => this.remove(job.id));
  }

  #setTimer(job: ManagedJob, action: () => void): void {
    this.#previewTimers.get(job.id)?.();
    this.#previewTimers.set(job.id, this.#ports.scheduler.after(PREVIEW_IDLE_MS, action, true));
  }

  /** Ends a job and removes it from the list. No request can start the job in the meantime. */
  async endAndRemove(id: string, how: 'stop' | 'cancel'): Promise<void> {
    const job = this.#jobs.get(id);
    job?.leave();
    await (how === 'stop' ? job?.stop() : job?.cancel());
    this.remove(id);
  }

  /** Removes an ended job from the list. Its checkpoints are kept. */
  remove(id: string): void {
    this.#jobs.delete(id);
    this.#previewTimers.get(id)?.();
    this.#previewTimers.delete(id);
  }

  /** Deletes the checkpoints, savepoints and live state of an ended job. */
  async deleteCheckpoints(id: string): Promise<void> {
    if (this.#options.checkpointDirectory !== null) {
      const storage = this.#ports.storageOf(this.placeOf(id));
      await storage.acquire();
      try {
        await deleteAllCheckpoints(storage);
      } finally {
        await storage.release();
      }
    }
    this.#ports.disk.removeNow(this.directoryOf(id));
  }

  countByState(): Readonly<Record<JobState, number>> {
    const counts: Record<JobState, number> = {
      CREATED: 0,
      RUNNING: 0,
      RESTARTING: 0,
      SUSPENDED: 0,
      FINISHED: 0,
      CANCELED: 0,
      FAILED: 0,
    };
    for (const job of this.#jobs.values()) counts[job.state]++;
    return counts;
  }

  #active(): readonly ManagedJob[] {
    return this.list().filter((job) => ACTIVE_STATES.includes(job.state));
  }

  /** Stops all jobs after a last checkpoint. Stops previews immediately. */
  async close(): Promise<void> {
    this.#stopDividing();
    for (const cancel of this.#previewTimers.values()) cancel();
    // A request that began earlier may start a job in the meantime.
    for (let active = this.#active(); active.length > 0; active = this.#active()) {
      await Promise.all(active.map((job) => (job.definition.preview ? job.cancel() : job.stop())));
    }
    await this.#ports.endThreads();
  }
}
