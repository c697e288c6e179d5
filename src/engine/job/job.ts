import { systemDisk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { systemScheduler } from '../../core/scheduler.ts';
import { explainTooLarge } from '../../core/value-size.ts';
import { CheckpointCoordinator } from '../checkpoint/coordinator.ts';
import { ALL_GROUPS, type Manifest, type OperatorIdentity, type SavepointMark } from '../checkpoint/manifest.ts';
import type { FromTask } from '../checkpoint/messages.ts';
import { Scrubber } from '../checkpoint/scrubber.ts';
import type { SourceSnapshot } from '../checkpoint/source-snapshot.ts';
import { NO_UPKEEP } from '../checkpoint/upkeep.ts';
import type { Graph } from '../graph/build-graph.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import { StateLog } from '../state/log/state-log.ts';
import type { Subtasks } from '../subtask/subtasks.ts';
import { closeAll } from '../task/close-all.ts';
import { namingFailure } from '../task/name-failure.ts';
import { restoreTask } from '../task/restore-task.ts';
import type { Task } from '../task/task.ts';
import { CheckpointSchedule } from './checkpoint-schedule.ts';
import { createTask } from './create-task.ts';
import { type JobMetrics, jobMetrics } from './job-metrics.ts';
import type { CheckpointOptions, JobEvent, JobOptions, JobResult } from './job-options.ts';
import { completeSetup, type JobSetup } from './job-setup.ts';
import { notRunning } from './not-running.ts';
import { newInstance } from './open-job.ts';
import { type JobStart, prepareStart } from './prepare-start.ts';
import { offsetFor } from './source-offsets.ts';

/**
 * A running plan. It opens its task and its coordinator, restores them, passes requests on to them,
 * and closes them. The task does the work; the coordinator makes the checkpoints.
 */
export class Job {
  readonly options: JobOptions;
  readonly operators: readonly OperatorIdentity[];
  readonly task: Task;
  readonly coordinator: CheckpointCoordinator | null;
  /** The checkpoint that the job was resumed from. */
  readonly restoredFrom: Manifest | null;
  readonly startedAt: number;
  readonly #schedule: CheckpointSchedule | null;
  readonly #scrubber: Scrubber | null;
  #stop: 'run' | 'stop' | 'cancel' = 'run';
  /** The kind of the last checkpoint. */
  #lastSavepoint: SavepointMark | null = null;
  #closed = false;

  private constructor(options: JobOptions, start: JobStart, subtasks: Subtasks | null) {
    const { operators, manifest } = start;
    const { checkpoints, clock } = options;
    this.options = options;
    this.operators = operators;
    this.restoredFrom = manifest;
    this.startedAt = clock.now();
    const hooks = {
      onTurn: (now: number) => this.#onTurn(now),
      reply: (reply: FromTask) => this.coordinator?.receive(0, reply),
    };
    this.task = createTask({ ...options, state: start.state }, operators, start.backend, hooks, subtasks);
    if (subtasks !== null) subtasks.onReply = (subtask, reply) => this.coordinator?.receive(subtask, reply);
    const report = (event: JobEvent): void => options.onEvent?.(event);
    this.coordinator = checkpoints === null ? null : coordinatorOf(options, checkpoints, start, this.task, subtasks);
    const { coordinator } = this;
    this.#schedule =
      coordinator === null
        ? null
        : new CheckpointSchedule({
            coordinator,
            checkpoints: checkpoints!,
            clock,
            report,
            onEnd: () => this.task.wake(),
          });
    this.#scrubber = coordinator === null ? null : scrubberOf(coordinator, checkpoints!, options, report);
  }

  /**
   * Opens a job; there is no other way. Locks the job's storage, restores the newest usable
   * checkpoint, and prepares the run.
   */
  static async open(setup: JobSetup): Promise<Job> {
    const options = completeSetup(setup);
    const { checkpoints } = options;
    if (checkpoints !== null) {
      const { storage } = checkpoints;
      await namingFailure('CHECKPOINT_STORE', `${storage.location} cannot be taken`, () => storage.acquire());
    }
    let start: JobStart | null = null;
    let subtasks: Subtasks | null = null;
    try {
      start = await prepareStart(options);
      subtasks = await openSubtasks({ ...options, state: start.state }, start);
      const job = new Job(options, start, subtasks);
      await job.#resume(start);
      if (checkpoints !== null) {
        const { disk = systemDisk, scheduler = systemScheduler } = options;
        await job.store.logTo(new StateLog(await checkpoints.storage.workDirectory('log'), disk, scheduler));
      }
      await job.#beginWithCheckpoint();
      await reportUnknownFiles(options);
      return job;
    } catch (error) {
      // The reason why the job cannot be opened is more useful than later failures.
      await closeAll([
        () => subtasks?.close(),
        () => start?.backend.close(),
        () => checkpoints?.storage.release(),
      ]).catch(() => {});
      throw error;
    }
  }

  get graph(): Graph {
    return this.task.graph;
  }

  get store(): CachedStateStore {
    return this.task.store;
  }

  async #resume({ manifest, snapshots, instance }: JobStart): Promise<void> {
    if (manifest !== null && snapshots !== null) {
      this.options.onEvent?.({ kind: 'restored', epoch: manifest.epoch, finished: manifest.finished });
    }
    const goesOn = manifest !== null && snapshots !== null && !manifest.finished;
    await restoreTask(this.graph, this.store, {
      epoch: manifest?.epoch ?? 0,
      output: manifest?.sinks ?? {},
      instance,
      process: newInstance(this.options),
      state: goesOn
        ? {
            operators: this.operators.map((o) => o.number),
            snapshots,
            rows: manifest.rows,
            sources: this.#positions(manifest),
          }
        : null,
    });
  }

  #positions(manifest: Manifest): ReadonlyMap<string, SourceSnapshot> {
    const found = new Map<string, SourceSnapshot>();
    for (const { plan } of this.graph.sources) {
      const snapshot = offsetFor(plan, manifest, this.options.endpoints.identity);
      if (snapshot !== undefined) found.set(plan.name, snapshot);
    }
    return found;
  }

  /**
   * Takes a checkpoint first if the job goes back, or starts fresh while savepoints exist. Later
   * the job is resumed from that checkpoint, and not from newer ones that it abandoned.
   */
  async #beginWithCheckpoint(): Promise<void> {
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

  /** Called between two batches of the task. */
  #onTurn(now: number): number {
    this.#scrubber?.check(now);
    if (this.#schedule === null) return Number.POSITIVE_INFINITY;
    this.#schedule.throwFailure();
    this.#schedule.check(now);
    return this.#schedule.dueInMs(now);
  }

  /**
   * Runs until the input is at its end or `stop` is called. Rejects when the job fails; then no
   * output of the running epoch becomes visible.
   */
  async run(): Promise<JobResult> {
    let result: JobResult;
    try {
      result = await this.#run();
    } catch (error) {
      // The reason why the job fails is more useful than a failure to close.
      await this.#close().catch(() => {});
      throw explainTooLarge(error, 'the job');
    }
    await this.#close();
    return result;
  }

  async #run(): Promise<JobResult> {
    if (this.restoredFrom?.finished) {
      // All of its output is visible already. Only files of other instances must be deleted.
      this.task.send({ kind: 'commit', epoch: this.restoredFrom.epoch, output: {} });
      return { outcome: 'finished' };
    }
    await this.task.run();
    if (this.#cancelled) return { outcome: 'stopped' };
    const finished = this.#stop === 'run' || this.#lastSavepoint?.drained === true;
    await this.#finish(finished);
    return { outcome: finished && !this.#cancelled ? 'finished' : 'stopped' };
  }

  get #cancelled(): boolean {
    return this.#stop === 'cancel';
  }

  /** Takes the last checkpoint, or commits the output of a job without checkpoints. */
  async #finish(finished: boolean): Promise<void> {
    if (this.#schedule === null) return this.task.commitOutput();
    const cancelled = () => this.#cancelled;
    await this.#schedule.settled(cancelled);
    this.#schedule.throwFailure();
    if (!cancelled()) await this.#schedule.complete(finished, this.#lastSavepoint, cancelled);
  }

  /**
   * Takes a checkpoint now. Resolves when it is durable and committed. Rejects if it fails or if
   * the job ends before.
   */
  async checkpoint(): Promise<void> {
    await this.#ask(null);
  }

  /**
   * Takes a checkpoint that stays until it is deleted by its name. No other savepoint of the job
   * may have this name.
   */
  savepoint(name: string): Promise<void> {
    return this.#ask({ name, drained: false });
  }

  #ask(savepoint: SavepointMark | null): Promise<void> {
    if (this.#schedule === null)
      return Promise.reject(new EngineError('CHECKPOINT_FAILED', 'the job runs without checkpoints', {}));
    if (this.#closed) return Promise.reject(notRunning(this.options.id));
    const taken = this.#schedule.barriers.ask(savepoint);
    this.task.wake();
    return taken;
  }

  /**
   * Runs `look` while no batch is being processed, so it sees the state between two batches. `look`
   * must change nothing. Rejects if the job ends before.
   */
  betweenBatches<T>(look: () => Promise<T>): Promise<T> {
    return this.task.ask(look);
  }

  /**
   * Stops after a last checkpoint; `cancel`: at once, without one. With `savepoint` the last
   * checkpoint is a savepoint. If the job is drained, the last watermark is sent before it, so
   * windows and absences fire, and the job has finished.
   */
  stop(how: 'stop' | 'cancel' = 'stop', savepoint: SavepointMark | null = null): void {
    if (this.#stop === 'run') this.#lastSavepoint = savepoint;
    if (this.#stop !== 'cancel') this.#stop = how;
    this.task.send({ kind: 'stop', drain: how === 'stop' && savepoint?.drained === true });
  }

  metrics(): JobMetrics {
    return jobMetrics(this.task.metrics(), this.coordinator?.stats ?? null);
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.task.questions.close();
    await Promise.all([this.#schedule?.giveUp(), this.#scrubber?.stop()]);
    await closeAll([() => this.task.close(), () => this.options.checkpoints?.storage.release()]);
  }
}

function coordinatorOf(
  options: JobOptions,
  { storage, retained, upkeep = NO_UPKEEP }: CheckpointOptions,
  { operators, manifest, line, instance }: JobStart,
  task: Task,
  subtasks: Subtasks | null,
): CheckpointCoordinator {
  const { id: job, plan, clock, state } = options;
  const generation = (manifest?.generation ?? 0) + 1;
  const tasks = [task, ...task.subtasks];
  const { keyGroups = [ALL_GROUPS] } = subtasks ?? {};
  const backend = state.backend;
  return new CheckpointCoordinator({
    ...{ storage, tasks, keyGroups, clock, job, plan, operators, backend, instance, generation, retained, upkeep },
    ...line,
  });
}

/** Loads the module only for a job with subtasks, because most starts do not need it. */
async function openSubtasks(options: JobOptions, start: JobStart): Promise<Subtasks | null> {
  if (start.division === null) return null;
  const { Subtasks } = await import('../subtask/subtasks.ts');
  return Subtasks.open(options, start, start.division);
}

/** Reports damaged checkpoints. Files that the last one needs are stored again with the next. */
function scrubberOf(
  coordinator: CheckpointCoordinator,
  { storage, upkeep = NO_UPKEEP }: CheckpointOptions,
  { clock }: JobOptions,
  report: (event: JobEvent) => void,
): Scrubber {
  return new Scrubber(storage, clock, upkeep.scrubIntervalMs, coordinator.stats, (epoch, error, file) => {
    report({ kind: 'checkpoint-damaged', epoch, error, mended: file !== null && coordinator.storeAgain(file) });
  });
}

async function reportUnknownFiles({ checkpoints, onEvent }: JobOptions): Promise<void> {
  // Checkpoints report a store that does not answer. A missing report must not fail the job.
  const files = (await checkpoints?.storage.unknownFiles().catch(() => [])) ?? [];
  if (files.length > 0) onEvent?.({ kind: 'unknown-files', files });
}
