import type { Clock } from '../../core/clock.ts';
import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { systemScheduler } from '../../core/scheduler.ts';
import { lineOf } from '../checkpoint/ancestor-line.ts';
import { CheckpointCoordinator } from '../checkpoint/coordinator.ts';
import type { Manifest, OperatorIdentity, SavepointMark } from '../checkpoint/manifest.ts';
import { Scrubber } from '../checkpoint/scrubber.ts';
import { NO_UPKEEP } from '../checkpoint/upkeep.ts';
import { buildGraph, type Graph, needsSingleRows } from '../graph/build-graph.ts';
import { captureGraph } from '../graph/capture-graph.ts';
import { nextSource, readySource, turnLimit } from '../graph/source-order.ts';
import { CachedStateStore } from '../state/cached-state-store.ts';
import { StateLog } from '../state/log/state-log.ts';
import { openBackend } from '../state/open-backend.ts';
import type { StateBackend } from '../state/state-backend.ts';
import { BackendMemory } from './backend-memory.ts';
import { BusyTimes } from './busy-times.ts';
import { type CarriedSnapshots, snapshotsOf } from './carry-state.ts';
import { CheckpointSchedule } from './checkpoint-schedule.ts';
import { closeAll } from './close-all.ts';
import { DiskGuard } from './disk-guard.ts';
import { DropReport } from './drop-report.ts';
import { entriesByName } from './entries-by-name.ts';
import { type JobMetrics, readMetrics } from './job-metrics.ts';
import type { CheckpointOptions, JobEvent, JobOptions, JobResult } from './job-options.ts';
import { completeSetup, type JobSetup } from './job-setup.ts';
import { namingFailure } from './name-failure.ts';
import { cacheShare, compareWithCheckpoint, environmentOf, newInstance, restoreJob } from './open-job.ts';
import { identifyOperators } from './operator-identities.ts';
import { offsetFor } from './source-offsets.ts';

/** The job lets other work in the process go on at least this often. */
const YIELD_EVERY_MS = 4;
/** Pause when no source has rows. */
const IDLE_MS = 5;
const PROCESSING_TIME_EVERY_MS = 10;

/**
 * A running plan: one loop that takes batches from the sources in their total order, sends them
 * through the graph, keeps the cache within its budget and sets barriers. Everything happens
 * between batches, so a barrier needs no alignment.
 */
export class Job {
  readonly options: JobOptions;
  readonly operators: readonly OperatorIdentity[];
  readonly graph: Graph;
  readonly store: CachedStateStore;
  readonly coordinator: CheckpointCoordinator | null;
  /** The checkpoint the job came from. */
  readonly restoredFrom: Manifest | null;
  readonly startedAt: number;
  readonly #batchRows: number;
  #stop: 'run' | 'stop' | 'cancel' = 'run';
  #wake = new AbortController();
  readonly #drops = new DropReport(() =>
    this.graph.nodes.map(({ plan, operator }) => ({ name: plan.name, counters: operator.metrics?.() ?? {} })),
  );
  readonly busy: BusyTimes;
  readonly backendMemory: BackendMemory;
  #questions: { readonly answer: () => Promise<void>; readonly reject: (error: EngineError) => void }[] = [];
  readonly #schedule: CheckpointSchedule | null;
  readonly #scrubber: Scrubber | null;
  /** What the last checkpoint is to be. */
  #lastSavepoint: SavepointMark | null = null;

  private constructor(
    options: JobOptions,
    operators: readonly OperatorIdentity[],
    graph: Graph,
    store: CachedStateStore,
    coordinator: CheckpointCoordinator | null,
    restoredFrom: Manifest | null,
  ) {
    this.options = options;
    this.operators = operators;
    this.graph = graph;
    this.busy = new BusyTimes(graph.nodes);
    this.store = store;
    this.backendMemory = new BackendMemory(store.backend);
    this.coordinator = coordinator;
    this.restoredFrom = restoredFrom;
    this.startedAt = options.clock.now();
    this.#batchRows = needsSingleRows(options.plan) ? 1 : options.batchRows;
    const { checkpoints, clock } = options;
    const report = (event: JobEvent): void => options.onEvent?.(event);
    this.#schedule =
      checkpoints === null || coordinator === null
        ? null
        : new CheckpointSchedule({
            coordinator,
            checkpoints,
            clock,
            capture: () => ({ plan: options.plan, operators, ...captureGraph(graph) }),
            report,
          });
    this.#scrubber = scrubberOf(coordinator, checkpoints, clock, report);
  }

  /**
   * The one way to a job. Takes the job's storage, restores the newest usable checkpoint, and makes
   * ready to run.
   */
  static async open(setup: JobSetup): Promise<Job> {
    const options = completeSetup(setup);
    const { checkpoints } = options;
    if (checkpoints !== null) {
      const { storage } = checkpoints;
      await namingFailure('CHECKPOINT_STORE', `${storage.location} cannot be taken`, () => storage.acquire());
    }
    let backend: StateBackend | null = null;
    try {
      const restored = checkpoints === null ? null : await restoreJob(options);
      const manifest = restored?.manifest ?? null;
      const compared = manifest === null ? null : compareWithCheckpoint(options, manifest);
      const operators = compared?.operators ?? identifyOperators(options.plan, [], null);
      backend = await openBackend(options, restored);
      const carried = compared === null ? null : await snapshotsOf(options, backend, compared);
      const store = new CachedStateStore(backend, cacheShare(options));
      const numbers = new Map(operators.map((o) => [o.name, o.number]));
      const graph = buildGraph(options.plan, options.endpoints, (name) => numbers.get(name)!, {
        state: store,
        clock: options.clock,
        settings: options.plan.settings,
        environment: environmentOf(options),
        batchRows: options.batchRows,
        ...(options.matchObserver === undefined ? {} : { matchObserver: options.matchObserver }),
      });
      const instance = manifest?.instance ?? newInstance(options);
      const coordinator =
        checkpoints === null
          ? null
          : new CheckpointCoordinator({
              storage: checkpoints.storage,
              store,
              sinks: graph.sinks,
              clock: options.clock,
              disk: options.disk ?? systemDisk,
              job: options.id,
              instance,
              generation: (manifest?.generation ?? 0) + 1,
              retained: checkpoints.retained,
              upkeep: checkpoints.upkeep ?? NO_UPKEEP,
              ...(await lineOf(manifest, checkpoints.storage)),
            });
      const job = new Job(options, operators, graph, store, coordinator, manifest);
      await job.#resume(manifest, carried, instance);
      if (checkpoints !== null) {
        const { disk = systemDisk, scheduler = systemScheduler } = options;
        await store.logTo(new StateLog(await checkpoints.storage.workDirectory('log'), disk, scheduler));
      }
      await job.#standBeforeOthers();
      await reportUnknownFiles(options);
      return job;
    } catch (error) {
      // Why it cannot be opened says more than what else fails then.
      await closeAll([() => backend?.close(), () => checkpoints?.storage.release()]).catch(() => {});
      throw error;
    }
  }

  async #resume(manifest: Manifest | null, carried: CarriedSnapshots | null, instance: string): Promise<void> {
    const process = newInstance(this.options);
    for (const [name, sink] of this.graph.sinks) {
      await namingFailure('CONNECTOR_WRITE', `output of ${name} cannot be continued`, () =>
        sink.restore(manifest?.sinks[name] ?? [], manifest?.epoch ?? 0, instance, process),
      );
    }
    if (manifest === null || carried === null) return;
    this.options.onEvent?.({ kind: 'restored', epoch: manifest.epoch, finished: manifest.finished });
    if (manifest.finished) return;
    await this.store.restore(this.operators.map((o) => o.number));
    for (const node of this.graph.nodes) {
      const { name } = node.plan;
      if (!carried.has(name)) continue;
      const rows = manifest.rows[name];
      node.rowsIn = rows?.in ?? 0;
      node.rowsOut = rows?.out ?? 0;
      const snapshot = carried.get(name);
      if (snapshot !== undefined) await node.operator.restore?.(snapshot);
    }
    for (const task of this.graph.sources) {
      const snapshot = offsetFor(task.plan, manifest);
      if (snapshot !== undefined) await task.restore(snapshot);
    }
  }

  /**
   * A job that goes back, or starts over beside savepoints, begins with a checkpoint: whatever
   * happens next, it is resumed from where it went back to and not from what lies behind it.
   */
  async #standBeforeOthers(): Promise<void> {
    const { checkpoints } = this.options;
    if (checkpoints === null || checkpoints.restore === 'latest' || this.restoredFrom?.finished) return;
    const newest = (await checkpoints.storage.listManifests()).at(-1) ?? 0;
    if (newest === (this.restoredFrom?.epoch ?? 0)) return;
    try {
      await this.#schedule!.complete(false);
    } catch (error) {
      await this.#schedule!.giveUp();
      throw error;
    }
  }

  /**
   * Runs until the input is used up or `stop` is called. Rejects when the job fails; then nothing
   * of the running epoch becomes visible.
   */
  async run(): Promise<JobResult> {
    let result: JobResult;
    try {
      result = await this.#run();
    } catch (error) {
      // Why the job fails says more than what cannot be closed then.
      await this.#close().catch(() => {});
      throw error;
    }
    await this.#close();
    return result;
  }

  async #run(): Promise<JobResult> {
    if (this.restoredFrom?.finished) {
      for (const sink of this.graph.sinks.values()) sink.settle?.();
      return { outcome: 'finished' };
    }
    await this.#loop();
    if (this.#cancelled) return { outcome: 'stopped' };
    const drained = this.#lastSavepoint?.drained === true;
    if (drained) await this.#drain();
    const finished = this.#stop === 'run' || drained;
    await this.#finish(finished);
    return { outcome: finished && !this.#cancelled ? 'finished' : 'stopped' };
  }

  get #cancelled(): boolean {
    return this.#stop === 'cancel';
  }

  async #loop(): Promise<void> {
    const { clock, scheduler = systemScheduler } = this.options;
    const { sources } = this.graph;
    const ticking = this.graph.nodes.filter((n) => n.operator.onProcessingTime !== undefined);
    let yieldAt = clock.monotonicMs() + YIELD_EVERY_MS;
    let tickAt = 0;
    const disk = this.#diskGuard();
    const drops = this.#drops;
    while (this.#stop === 'run') {
      const task = await readySource(sources, this.#batchRows);
      if (task === 'end') return;
      if (task !== 'idle') {
        const { limit, orEqual } = turnLimit(sources, task);
        const wait = task.send(limit, orEqual);
        if (wait) await wait;
        const evict = this.store.maintain(this.#batchRows * 2);
        if (evict) await evict;
      }
      const now = clock.monotonicMs();
      for (const dropped of drops.due(now)) this.options.onEvent?.({ kind: 'dropped', dropped });
      this.busy.sample(now);
      this.backendMemory.sample(now);
      const short = disk.check(now);
      if (short) await short;
      if (now >= tickAt && ticking.length > 0) {
        tickAt = now + PROCESSING_TIME_EVERY_MS;
        for (const node of ticking) {
          const wait = node.tick(clock.now());
          if (wait) await wait;
        }
      }
      this.#scrubber?.check(now);
      this.#schedule?.check(now);
      if (this.#questions.length > 0) await this.#answerQuestions();
      if (task === 'idle') await clock.sleep(IDLE_MS, this.#wake.signal);
      else if (now >= yieldAt) {
        await scheduler.turn();
        yieldAt = clock.monotonicMs() + YIELD_EVERY_MS;
      }
      this.#schedule?.throwFailure();
    }
  }

  /** Time comes to its end without the rest of the input: what waits for the watermark fires. */
  async #drain(): Promise<void> {
    const { sources } = this.graph;
    for (let task = nextSource(sources); task !== null; task = nextSource(sources)) await task.drain();
  }

  #diskGuard(): DiskGuard {
    const { clock, state, onEvent } = this.options;
    return new DiskGuard({
      clock,
      freeBytes: () => this.store.backend.freeDiskBytes(),
      lowWaterBytes: state.diskLowWaterBytes ?? 0,
      entries: () => entriesByName(this.store, this.operators),
      onLow: (freeBytes) => onEvent?.({ kind: 'disk-low', freeBytes }),
      stopped: () => this.#stop !== 'run',
    });
  }

  #closed = false;

  /**
   * A checkpoint now, resolved when it is durable and committed; rejects when it fails or the job
   * ends before.
   */
  async checkpoint(): Promise<void> {
    await this.#ask(null);
  }

  /**
   * The same, and the checkpoint stays until it is deleted by that name, which no other savepoint
   * of the job may have.
   */
  savepoint(name: string): Promise<void> {
    return this.#ask({ name, drained: false });
  }

  #ask(savepoint: SavepointMark | null): Promise<void> {
    if (this.#schedule === null)
      return Promise.reject(new EngineError('CHECKPOINT_FAILED', 'the job runs without checkpoints', {}));
    return this.#closed ? Promise.reject(notRunning(this.options.id)) : this.#schedule.barriers.ask(savepoint);
  }

  /**
   * Runs `look` while no batch is on its way, so that it sees state between two batches. It must
   * change nothing. Rejects when the job ends before.
   */
  betweenBatches<T>(look: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(notRunning(this.options.id));
    return new Promise((resolve, reject) => {
      this.#questions.push({ answer: () => look().then(resolve, reject), reject });
    });
  }

  async #answerQuestions(): Promise<void> {
    for (const { answer } of this.#questions.splice(0)) await answer();
  }

  /** The last checkpoint, or the plain commit of a job without checkpoints. */
  async #finish(finished: boolean): Promise<void> {
    for (const dropped of this.#drops.changed()) this.options.onEvent?.({ kind: 'dropped', dropped });
    if (this.#schedule !== null) {
      const cancelled = () => this.#cancelled;
      await this.#schedule.settled(cancelled);
      this.#schedule.throwFailure();
      if (!cancelled()) await this.#schedule.complete(finished, this.#lastSavepoint, cancelled);
      return;
    }
    for (const sink of this.graph.sinks.values()) {
      const prepared = await sink.prepare(1).prepared;
      if (prepared !== null) await sink.commit(prepared);
    }
  }

  /**
   * Stops after a last checkpoint; `cancel`: at once, without one. With `savepoint` the last
   * checkpoint is one; drained, the last watermark is sent before it, so that windows and absences
   * fire, and the job has finished.
   */
  stop(how: 'stop' | 'cancel' = 'stop', savepoint: SavepointMark | null = null): void {
    if (this.#stop === 'run') this.#lastSavepoint = savepoint;
    if (this.#stop !== 'cancel') this.#stop = how;
    this.#wake.abort();
  }

  metrics(): JobMetrics {
    return readMetrics(this);
  }

  async #close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#questions.splice(0)) reject(notRunning(this.options.id));
    await Promise.all([this.#schedule?.giveUp(), this.#scrubber?.stop()]);
    await closeAll([
      ...this.graph.nodes.map((node) => () => node.operator.close?.()),
      ...this.graph.sources.map((task) => () => task.source.close()),
      ...[...this.graph.sinks.values()].map((sink) => () => sink.close()),
      () => this.store.backend.close(),
      () => this.options.checkpoints?.storage.release(),
    ]);
  }
}

/**
 * A stored file that is damaged is stored anew where that can be; the others are for people to know
 * of.
 */
function scrubberOf(
  coordinator: CheckpointCoordinator | null,
  checkpoints: CheckpointOptions | null,
  clock: Clock,
  report: (event: JobEvent) => void,
): Scrubber | null {
  if (coordinator === null || checkpoints === null) return null;
  const { scrubIntervalMs } = checkpoints.upkeep ?? NO_UPKEEP;
  return new Scrubber(checkpoints.storage, clock, scrubIntervalMs, coordinator.stats, (epoch, error, file) => {
    report({ kind: 'checkpoint-damaged', epoch, error, mended: file !== null && coordinator.storeAnew(file) });
  });
}

async function reportUnknownFiles({ checkpoints, onEvent }: JobOptions): Promise<void> {
  // A store that does not answer is for checkpoints to say: no job fails for want of a report.
  const files = (await checkpoints?.storage.unknownFiles().catch(() => [])) ?? [];
  if (files.length > 0) onEvent?.({ kind: 'unknown-files', files });
}

function notRunning(job: string): EngineError {
  return new EngineError('JOB_NOT_RUNNING', `the job ${job} does not run`, { job });
}
