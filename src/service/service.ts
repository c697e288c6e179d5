import fs from 'node:fs';
import path from 'node:path';
import { refuseMemoryBeyond } from '../config/contradictions.ts';
import { jobSettings } from '../config/job-settings.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import { VERSION } from '../core/version.ts';
import type { SavepointMark } from '../engine/checkpoint/manifest.ts';
import { planHash } from '../plan/fingerprint.ts';
import { ProcessLock } from '../storage/local/process-lock.ts';
import { isRemote, openStorage } from '../storage/open-storage.ts';
import { demoOf } from './demo/demo-feed.ts';
import { JobFleet } from './job-fleet.ts';
import { JournalCopy } from './journal-copy.ts';
import type { ManagedJob } from './managed-job.ts';
import type { OpenMatchesJson } from './match-explanation/open-matches-json.ts';
import { PatternSet } from './patterns/pattern-set.ts';
import type { SavepointRequest, SavepointStatus } from './savepoint-status.ts';
import { Savepoints } from './savepoints.ts';
import type {
  Health,
  JobDetail,
  JobSummary,
  PatternStatus,
  RecentRow,
  ResultEvent,
  ServiceApi,
  SubmitResult,
} from './service-api.ts';
import type { ServiceLog } from './service-log.ts';
import { ServiceStore } from './service-store.ts';
import { SubmitHandler } from './submit-handler.ts';
import type { OpenMatchesQuestion } from './worker/open-matches-question.ts';

export interface ServiceOptions {
  readonly dataDirectory: string;
  /** Watched folder of pattern files; null: none. */
  readonly patterns: string | null;
  readonly demo: boolean;
  /** Settings from flags, which override SET. `state.memory` applies to the process. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings from the configuration file and the environment, which SET overrides. */
  readonly defaults?: Readonly<Record<string, string>>;
  /**
   * SQL over HTTP may read and write below these directories; default: `<data directory>/files` and
   * `./data`.
   */
  readonly roots?: readonly string[];
  readonly batchRows: number;
  readonly log: ServiceLog;
  readonly random: () => number;
  readonly clock?: Clock;
  /** Writes the text of `print` sinks. */
  readonly print: (text: string) => void;
  /** Called with the number of rows that a job wrote. */
  readonly onRows?: (job: string, written: number) => void;
}

/**
 * The name of the copy's directory, which is beside the directories of the jobs in the store. No
 * job has this name.
 */
const JOURNAL_COPY = '~service';

function lockOf(options: ServiceOptions): ProcessLock {
  const directory = path.resolve(options.dataDirectory);
  for (const part of ['jobs', 'files']) fs.mkdirSync(path.join(directory, part), { recursive: true });
  return new ProcessLock(path.join(directory, 'lock'));
}

function takeDirectory(options: ServiceOptions, lock: ProcessLock): string {
  const directory = path.resolve(options.dataDirectory);
  lock.acquire(`the data directory ${directory}`);
  try {
    fs.rmSync(path.join(directory, 'tmp'), { recursive: true, force: true });
    fs.mkdirSync(path.join(directory, 'tmp'));
    return directory;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The service: jobs in threads, a journalled catalogue and a folder of patterns. A data directory
 * has only one service.
 */
export class Service implements ServiceApi {
  readonly #options: ServiceOptions;
  readonly #clock: Clock;
  readonly #lock: ProcessLock;
  readonly #store: ServiceStore;
  readonly #fleet: JobFleet;
  readonly #submits: SubmitHandler;
  readonly #patterns: PatternSet | null;
  readonly #savepoints: Savepoints;
  readonly #copy: JournalCopy | null;
  readonly #startedAt: number;
  #closing: Promise<void> | null = null;

  private constructor(
    options: ServiceOptions,
    lock: ProcessLock,
    store: ServiceStore,
    copy: JournalCopy | null = null,
  ) {
    this.#options = options;
    this.#lock = lock;
    this.#store = store;
    this.#copy = copy;
    if (copy !== null) {
      copy.follow(() => store.all());
      store.onChange = () => copy.changed();
    }
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.#startedAt = clock.monotonicMs();
    const { log, random, batchRows, settings } = options;
    const dataDirectory = path.resolve(options.dataDirectory);
    const defaults = options.defaults ?? {};
    const ofProcess = { ...defaults, ...settings };
    const { memoryBytes, checkpointDirectory, s3, hdfsUser } = jobSettings(ofProcess, { intervalMs: null, batchRows });
    refuseMemoryBeyond(memoryBytes);
    this.#fleet = new JobFleet({
      dataDirectory,
      checkpointDirectory,
      s3,
      hdfsUser,
      memoryBytes,
      batchRows,
      clock,
      random,
      log,
      onState: (job) => this.#onState(job),
      onRows: (job, _sink, _lines, written) => options.onRows?.(job.id, written),
      print: options.print,
    });
    this.#savepoints = new Savepoints(clock, (id) => openStorage(this.#fleet.placeOf(id), clock));
    this.#submits = new SubmitHandler({
      fleet: this.#fleet,
      store,
      clock,
      serviceSettings: settings,
      defaultSettings: defaults,
      baseDirectory: process.cwd(),
      roots: options.roots ?? [path.join(dataDirectory, 'files'), path.resolve('data')],
      stopJob: (id) => this.stopJob(id),
      stopWithSavepoint: async (id, drain) => {
        const { taken } = await this.#take(this.#found(id), { stop: true, drain });
        return taken;
      },
    });
    this.#patterns =
      options.patterns === null
        ? null
        : new PatternSet(path.resolve(options.patterns), {
            fleet: this.#fleet,
            store,
            clock,
            log,
            serviceSettings: settings,
            defaultSettings: defaults,
            demo: (found, plans) =>
              options.demo ? demoOf(found, plans, path.join(dataDirectory, 'output'), store, clock) : null,
          });
  }

  /**
   * Locks the data directory and reads its journal. Throws JOB_LOCKED when another service uses it.
   * Nothing runs before `start`.
   */
  static open(options: ServiceOptions): Service {
    const lock = lockOf(options);
    const directory = takeDirectory(options, lock);
    try {
      return new Service(options, lock, new ServiceStore(directory));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /**
   * Opens the service like `open`. If the checkpoints are in a remote store, keeps a copy of the
   * journal beside them. A lost data directory is restored from this copy.
   */
  static async openWithCopy(options: ServiceOptions): Promise<Service> {
    const settings = { ...options.defaults, ...options.settings };
    const { batchRows } = options;
    const { checkpointDirectory, s3, hdfsUser } = jobSettings(settings, { intervalMs: null, batchRows });
    const lock = lockOf(options);
    await lock.watch();
    const directory = takeDirectory(options, lock);
    let copy: JournalCopy | null = null;
    try {
      if (checkpointDirectory === null || !isRemote(checkpointDirectory)) {
        return new Service(options, lock, new ServiceStore(directory));
      }
      const work = path.join(directory, 'tmp', 'journal-copy');
      const place = { directory: checkpointDirectory, job: JOURNAL_COPY, work, s3, hdfsUser };
      copy = await JournalCopy.open(openStorage(place, options.clock ?? systemClock), directory, options.log);
      return new Service(options, lock, new ServiceStore(directory), copy);
    } catch (error) {
      await copy?.close();
      lock.release();
      throw error;
    }
  }

  /** Starts the jobs that should run, and watches the patterns. */
  start(): void {
    for (const { definition, end } of this.#store.jobs.values()) {
      const job = this.#fleet.add(definition);
      if (end === null) void job.start();
      else job.markEnded(end);
    }
    // Failures are in the log and in the status of the patterns.
    void this.#patterns?.open().catch((error: Error) => this.#options.log.error({}, `patterns: ${error.message}`));
  }

  #onState(job: ManagedJob): void {
    const { definition, state } = job;
    this.#options.log.info({ job: job.id, state }, 'state');
    if (job.active || this.#closing !== null || !this.#store.jobs.has(job.id) || definition.preview) return;
    this.#store.record({
      kind: 'job-ended',
      id: job.id,
      end: { state, at: job.endedAt ?? this.#clock.now(), failure: job.failure, failures: job.failures },
    });
  }

  async submit(
    sql: string,
    options: { readonly settings?: Readonly<Record<string, string>> } = {},
  ): Promise<SubmitResult> {
    const result = await this.#submits.submit(sql, options.settings ?? {});
    await this.#copy?.settled();
    return result;
  }

  jobs(): readonly JobSummary[] {
    return this.#fleet.list().map((job) => job.summary());
  }

  job(id: string): JobDetail | undefined {
    return this.#fleet.get(id)?.detail();
  }

  async openMatches(id: string, question: OpenMatchesQuestion): Promise<OpenMatchesJson> {
    return this.#found(id).openMatches(question);
  }

  async stopJob(id: string): Promise<JobSummary> {
    const job = this.#found(id);
    await this.#stop(job, null);
    await this.#copy?.settled();
    return job.summary();
  }

  async #stop(job: ManagedJob, savepoint: SavepointMark | null): Promise<void> {
    if (job.definition.preview) return job.cancel();
    if (this.#isPatternJob(job)) {
      this.#store.record({ kind: 'pattern-stopped', job: job.id, plan: planHash(job.definition.plan) });
    }
    await job.stop(savepoint);
  }

  async takeSavepoint(id: string, request: SavepointRequest): Promise<SavepointStatus> {
    return (await this.#take(this.#found(id), request)).status;
  }

  #take(
    job: ManagedJob,
    request: SavepointRequest,
  ): Promise<{ readonly status: SavepointStatus; readonly taken: Promise<SavepointStatus> }> {
    return this.#savepoints.take(job, request, (mark) => this.#stop(job, mark));
  }

  savepoints(id: string): Promise<readonly SavepointStatus[]> {
    return this.#savepoints.list(this.#found(id).id);
  }

  savepoint(id: string, name: string): Promise<SavepointStatus> {
    return this.#savepoints.find(this.#found(id).id, name);
  }

  async deleteSavepoint(id: string, name: string): Promise<void> {
    await this.#savepoints.delete(this.#found(id).id, name);
  }

  /**
   * Restarts an ended job from its newest checkpoint or a savepoint. A job that waits for its
   * restart starts immediately.
   */
  async startJob(id: string, savepoint?: string): Promise<JobSummary> {
    const job = this.#found(id);
    const epoch = savepoint === undefined ? null : await this.#savepoints.epochToRestore(job, savepoint);
    if (job.active) job.hurry();
    if (!job.active && !job.definition.preview) {
      this.#fleet.checkRoom(1);
      if (this.#isPatternJob(job)) this.#store.record({ kind: 'pattern-stopped', job: id, plan: null });
      else this.#store.record({ kind: 'job', definition: job.definition });
      await job.start(epoch);
      await this.#copy?.settled();
    }
    return job.summary();
  }

  async deleteJob(id: string): Promise<void> {
    const job = this.#found(id);
    if (this.#isPatternJob(job)) {
      throw new EngineError(
        'CONFIG_USAGE',
        `the job ${id} belongs to the pattern ${job.definition.origin}; remove the pattern's file, or stop the job`,
        { job: id },
      );
    }
    await job.cancel();
    // This comes first: otherwise the checkpoints could be used by the next job of the same name.
    if (!job.definition.preview) await this.#fleet.deleteCheckpoints(id);
    if (this.#store.jobs.has(id)) this.#store.record({ kind: 'job-removed', id });
    this.#fleet.remove(id);
    this.#savepoints.forget(id);
    await this.#copy?.settled();
  }

  #isPatternJob(job: ManagedJob): boolean {
    return job.definition.origin !== 'http';
  }

  #found(id: string): ManagedJob {
    const job = this.#fleet.get(id);
    if (job === undefined) throw new EngineError('JOB_NOT_FOUND', `there is no job ${id}`, { job: id });
    return job;
  }

  follow(id: string, listener: (event: ResultEvent) => void): (() => void) | undefined {
    return this.#fleet.get(id)?.output.follow(listener);
  }

  patterns(): readonly PatternStatus[] {
    return this.#patterns?.list() ?? [];
  }

  recentRows(): readonly RecentRow[] {
    return this.#fleet.recent.list();
  }

  health(): Health {
    const jobs = this.#fleet.countByState();
    const brokenPatterns = this.#patterns?.brokenNames() ?? [];
    return {
      status: jobs.FAILED + jobs.RESTARTING + brokenPatterns.length > 0 ? 'degraded' : 'ok',
      version: VERSION,
      uptimeMs: Math.round(this.#clock.monotonicMs() - this.#startedAt),
      jobs,
      memory: { rssBytes: process.memoryUsage.rss(), budgetBytes: this.#fleet.shares.budgetBytes },
      brokenPatterns,
    };
  }

  /** Stops all jobs after a last checkpoint. The jobs run again when the service restarts. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // The flag must be set before the first job ends.
    await Promise.resolve();
    await this.#patterns?.close();
    await this.#fleet.close();
    // A failed copy is logged; the journal itself is intact.
    await this.#copy?.close().catch(() => {});
    this.#store.close();
    this.#lock.release();
  }
}
