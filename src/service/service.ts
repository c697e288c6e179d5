import path from 'node:path';
import { refuseMemoryBeyond } from '../config/contradictions.ts';
import { jobSettings } from '../config/job-settings.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import { VERSION } from '../core/version.ts';
import type { SavepointMark } from '../engine/checkpoint/manifest.ts';
import { planHash } from '../plan/fingerprint.ts';
import type { JobLock } from '../storage/local/process-lock.ts';
import { isRemote } from '../storage/open-storage.ts';
import type { Compiler } from './compile/compile-pool.ts';
import { makeDirectories, takeDirectory } from './data-directory.ts';
import { demoOf } from './demo/demo-feed.ts';
import { JobEnds } from './job-ends.ts';
import { JobFleet } from './job-fleet.ts';
import { type JobLog, JobLogs } from './job-logs.ts';
import type { ManagedJob } from './managed-job.ts';
import type { OpenMatchesJson } from './match-explanation/open-matches-json.ts';
import { PatternSet } from './patterns/pattern-set.ts';
import type { RecentRowQuery } from './recent-row-query.ts';
import type { SavepointRequest, SavepointStatus } from './savepoint-status.ts';
import { Savepoints } from './savepoints.ts';
import type {
  Health,
  JobDetail,
  JobSummary,
  PatternStatus,
  RecentRowList,
  ReloadStatus,
  ResultEvent,
  ServiceApi,
  SubmissionRecord,
  SubmitResult,
} from './service-api.ts';
import { portsOf, type ServiceOptions, type ServicePorts } from './service-options.ts';
import type { ServiceStore } from './store/service-store.ts';
import { StoreCopy } from './store/store-copy.ts';
import { SubmitHandler } from './submit-handler.ts';
import { GoldenThread } from './worker/golden-thread.ts';
import type { OpenMatchesQuestion } from './worker/open-matches-question.ts';

/**
 * The name of the copy's directory, which is beside the directories of the jobs in the store. No
 * job has this name.
 */
const STORE_COPY = '~service';

/**
 * The service: jobs in threads, a durable catalogue and a folder of patterns. A data directory
 * has only one service.
 */
export class Service implements ServiceApi {
  readonly #options: ServiceOptions;
  readonly #clock: Clock;
  readonly #lock: JobLock;
  readonly #store: ServiceStore;
  readonly #fleet: JobFleet;
  readonly #compiler: Compiler;
  readonly #golden = new GoldenThread();
  readonly #submits: SubmitHandler;
  readonly #patterns: PatternSet | null;
  readonly #savepoints: Savepoints;
  readonly #copy: StoreCopy | null;
  readonly #ends: JobEnds;
  readonly #startedAt: number;
  readonly #logs: JobLogs;
  #closing: Promise<void> | null = null;
  /** Jobs that a client has asked to stop and that have not ended. */
  readonly #stopping = new Set<string>();

  private constructor(
    options: ServiceOptions,
    ports: ServicePorts,
    store: ServiceStore,
    copy: StoreCopy | null = null,
  ) {
    this.#options = options;
    const { lock, scheduler } = ports;
    this.#lock = lock;
    this.#compiler = ports.compiler;
    this.#store = store;
    store.beforeChange = () => lock.check?.();
    this.#copy = copy;
    if (copy !== null) {
      copy.follow(() => store.all());
      store.onChange = () => copy.changed();
    }
    const clock = options.clock ?? systemClock;
    this.#clock = clock;
    this.#startedAt = clock.monotonicMs();
    const { random, batchRows, settings } = options;
    const log = new JobLogs(options.log, clock);
    this.#logs = log;
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
      ports,
      clock,
      random,
      log,
      onState: (job) => this.#onState(job),
      onReload: (job, reload) => this.#onReload(job, reload),
      reloadsOf: (id) => store.reloads.get(id) ?? [],
      onRows: (job, _sink, _lines, written) => options.onRows?.(job.id, written),
      print: options.print,
    });
    this.#ends = new JobEnds({ store, clock, scheduler, log });
    this.#savepoints = new Savepoints(clock, (id) => ports.storageOf(this.#fleet.placeOf(id)));
    this.#submits = new SubmitHandler({
      fleet: this.#fleet,
      store,
      compiler: this.#compiler,
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
            compiler: this.#compiler,
            golden: this.#golden,
            scheduler,
            files: ports.patternFiles,
            watchFolder: ports.watchFolder,
            clock,
            log,
            serviceSettings: settings,
            defaultSettings: defaults,
            demo: (found, plans) =>
              options.demo ? demoOf(found, plans, path.join(dataDirectory, 'output'), store, clock) : null,
          });
  }

  /**
   * Locks the data directory and opens its database. Throws JOB_LOCKED when another service uses
   * it. Nothing runs before `start`.
   */
  static open(options: ServiceOptions): Service {
    const ports = portsOf(options);
    const directory = makeDirectories(options, ports);
    takeDirectory(directory, ports);
    try {
      return new Service(options, ports, ports.openStore(directory));
    } catch (error) {
      ports.lock.release();
      throw error;
    }
  }

  /**
   * Opens the service like `open`. If the checkpoints are in a remote store, keeps a copy of the
   * database beside them. A lost data directory is restored from this copy.
   */
  static async openWithCopy(options: ServiceOptions): Promise<Service> {
    const settings = { ...options.defaults, ...options.settings };
    const { batchRows } = options;
    const { checkpointDirectory, s3, hdfsUser } = jobSettings(settings, { intervalMs: null, batchRows });
    const ports = portsOf(options);
    const directory = makeDirectories(options, ports);
    await ports.lock.watch?.();
    takeDirectory(directory, ports);
    let copy: StoreCopy | null = null;
    try {
      if (checkpointDirectory === null || !isRemote(checkpointDirectory)) {
        return new Service(options, ports, ports.openStore(directory));
      }
      const work = path.join(directory, 'tmp', 'store-copy');
      const place = { directory: checkpointDirectory, job: STORE_COPY, work, s3, hdfsUser };
      const { scheduler } = ports;
      const [store, files] = [ports.storeDirectory(directory), ports.copyFiles(directory)];
      copy = await StoreCopy.open(ports.storageOf(place), { directory, store, files, scheduler }, options.log);
      return new Service(options, ports, ports.openStore(directory), copy);
    } catch (error) {
      await copy?.close();
      ports.lock.release();
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
    this.#logs.info({ job: job.id, state }, 'state');
    if (job.active) this.#ends.forget(job.id);
    else if (definition.preview) return;
    // Jobs that end since the service ends run again after its restart.
    else if (this.#closing === null || this.#stopping.has(job.id)) this.#ends.ended(job);
  }

  /** The history of a job is not acknowledged to anybody, so it may lack a reload. */
  #onReload(job: ManagedJob, reload: ReloadStatus): void {
    try {
      this.#store.record({ kind: 'reloaded', job: job.id, reload });
    } catch (error) {
      this.#logs.error({ job: job.id }, `the reload cannot be stored: ${(error as Error).message}`);
    }
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

  jobLog(id: string): JobLog {
    return this.#logs.of(id);
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
    this.#stopping.add(job.id);
    try {
      await job.stop(savepoint);
    } finally {
      this.#stopping.delete(job.id);
    }
    this.#ends.check(job.id);
    // The job may have ended before, and a start of it may be in doubt.
    this.#store.requireCertainty();
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
   * restart starts immediately. A job that is being stopped starts after its end.
   */
  async startJob(id: string, savepoint?: string): Promise<JobSummary> {
    const job = this.#found(id);
    const epoch = savepoint === undefined ? null : await this.#savepoints.epochToRestore(job, savepoint);
    await job.stopped();
    if (job.leaving) {
      throw new EngineError('JOB_NOT_FOUND', `the job ${id} is being replaced or removed`, { job: id });
    }
    if (job.active) job.hurry();
    if (!job.active && !job.definition.preview) {
      this.#fleet.checkRoom(1);
      if (this.#isPatternJob(job)) this.#store.record({ kind: 'pattern-stopped', job: id, plan: null });
      else this.#store.record({ kind: 'job', definition: job.definition });
      await job.start(epoch);
      await this.#copy?.settled();
    }
    // The job may run already, and a stop of it may be in doubt.
    this.#store.requireCertainty();
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
    job.leave();
    try {
      await job.cancel();
      // This comes first: otherwise the checkpoints could be used by the next job of the same name.
      if (!job.definition.preview) await this.#fleet.deleteCheckpoints(id);
      if (this.#store.jobs.has(id)) this.#store.record({ kind: 'job-removed', id });
    } catch (error) {
      job.stay();
      throw error;
    }
    this.#fleet.remove(id);
    this.#ends.forget(id);
    this.#logs.forget(id);
    this.#fleet.recent.forget(id);
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

  /** Returns the names of the tables of the catalogue. */
  tableNames(): readonly string[] {
    return [...this.#store.catalog.tables.keys()];
  }

  patterns(): readonly PatternStatus[] {
    return this.#patterns?.list() ?? [];
  }

  recentRows(query: RecentRowQuery): RecentRowList {
    return this.#fleet.recent.select(query);
  }

  submissions(): readonly SubmissionRecord[] {
    return [...this.#store.submissions.values()];
  }

  health(): Health {
    const jobs = this.#fleet.countByState();
    const brokenPatterns = this.#patterns?.brokenNames() ?? [];
    const problems = this.#problems();
    return {
      status: jobs.FAILED + jobs.RESTARTING + brokenPatterns.length + problems.length > 0 ? 'degraded' : 'ok',
      version: VERSION,
      uptimeMs: Math.round(this.#clock.monotonicMs() - this.#startedAt),
      jobs,
      memory: { rssBytes: process.memoryUsage.rss(), budgetBytes: this.#fleet.shares.budgetBytes },
      brokenPatterns,
      problems,
    };
  }

  /** Returns why the service is not well, apart from its jobs and patterns. */
  #problems(): readonly string[] {
    const { waiting } = this.#ends;
    const { problem } = this.#store;
    return [
      ...(problem === null ? [] : [problem]),
      ...(this.#copy?.problem == null ? [] : [this.#copy.problem]),
      ...(waiting.length === 0 ? [] : [`these jobs have ended, but their end is not stored: ${waiting.join(', ')}`]),
    ];
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
    await Promise.all([this.#compiler.close(), this.#golden.close()]);
    await this.#fleet.close();
    this.#ends.close();
    // A failed copy is logged; the database itself is intact.
    await this.#copy?.close().catch(() => {});
    this.#store.close();
    this.#lock.release();
  }
}
