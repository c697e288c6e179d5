import type { Clock } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import { durationText } from '../../core/quantity.ts';
import type { Plan } from '../../plan/plan.ts';
import { KEY_GROUPS } from '../state/entry-key.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { errorOf } from './failure.ts';
import {
  ALL_GROUPS,
  encodeManifest,
  MANIFEST_FORMAT,
  type Manifest,
  type OperatorIdentity,
  type SavepointMark,
  type SubtaskState,
} from './manifest.ts';
import type { FromTask, StateDemand, TaskCut, TaskPort } from './messages.ts';
import { sweepCheckpoints } from './retention.ts';
import type { StoredState } from './state-files.ts';
import { type CheckpointUpkeep, NO_UPKEEP } from './upkeep.ts';

export interface CheckpointStats {
  completed: number;
  failed: number;
  lastEpoch: number;
  /** Milliseconds from barrier to durable manifest. */
  lastDurationMs: number;
  /** Milliseconds that processing was paused. */
  lastPauseMs: number;
  pausesMs: number[];
  lastSizeBytes: number;
  lastNewBytes: number;
  lastCompletedAt: number;
  /** Checkpoints that were read back, and those of them that were damaged. */
  scrubbed: number;
  damaged: number;
}

type Prepared = Extract<FromTask, { kind: 'prepared' }>;

interface CoordinatorOptions {
  readonly storage: CheckpointStorage;
  /** The task, and the subtasks of its operators. Each has its own state. */
  readonly tasks: readonly TaskPort[];
  /** By task: its key groups. Absent: all. */
  readonly keyGroups?: readonly SubtaskState['keyGroups'][];
  readonly clock: Clock;
  readonly job: string;
  readonly plan: Plan;
  readonly operators: readonly OperatorIdentity[];
  readonly backend: 'rocksdb' | 'memory';
  readonly instance: string;
  readonly generation: number;
  readonly retained: number;
  /** Left out: none. */
  readonly upkeep?: CheckpointUpkeep;
  /** The last number that is used; 0 = none. */
  readonly epoch: number;
  /**
   * The retained checkpoints that the job continues from, including the one it was resumed from.
   */
  readonly ancestors?: readonly number[];
}

/**
 * Makes checkpoints, one at a time, from the state and output that the tasks of a job prepare.
 *
 * 1. `begin` sends a barrier to the tasks. It travels through each task's graph; processing is
 *    paused only for that long.
 * 2. Each task stores its state and makes its output durable in the background, and says
 *    `prepared`.
 * 3. The manifest is created. This is the moment of the checkpoint.
 * 4. The tasks commit their output, and old checkpoints are swept.
 */
export class CheckpointCoordinator {
  readonly stats: CheckpointStats = {
    completed: 0,
    failed: 0,
    lastEpoch: 0,
    lastDurationMs: 0,
    lastPauseMs: 0,
    pausesMs: [],
    lastSizeBytes: 0,
    lastNewBytes: 0,
    lastCompletedAt: 0,
    scrubbed: 0,
    damaged: 0,
  };
  /** The running checkpoint. Rejects if it fails. */
  running: Promise<void> | null = null;
  /** Why no checkpoint may follow: output or state of an earlier one is lost. */
  broken: EngineError | null = null;
  readonly #options: CoordinatorOptions;
  readonly #storage: CheckpointStorage;
  readonly #clock: Clock;
  readonly #upkeep: CheckpointUpkeep;
  /** Checkpoints since all files were stored again. */
  #sinceFull = 0;
  /** The next checkpoint must store all files again, regardless of that number. */
  #fullIsDue = false;
  /** The files of the last complete checkpoint. */
  #lastFiles: ReadonlySet<string> = new Set();
  #epoch: number;
  /** The running checkpoint has been counted as failed. */
  #expired = false;
  #abandoned = false;
  #ancestors: readonly number[];
  /**
   * Prepared output by sink, of this epoch and of epochs whose checkpoint failed. No output is
   * lost.
   */
  readonly #uncommitted = new Map<string, unknown[]>();
  /** The replies that the coordinator waits for, by task, kind and epoch. */
  readonly #waiting = new Map<string, (reply: FromTask) => void>();

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#storage = options.storage;
    this.#clock = options.clock;
    this.#upkeep = options.upkeep ?? NO_UPKEEP;
    this.#epoch = options.epoch;
    this.#ancestors = options.ancestors ?? [];
    this.stats.lastEpoch = options.epoch;
  }

  /** Receives the reply of a task. */
  receive(task: number, reply: FromTask): void {
    const key = replyKey(task, reply.kind, reply.epoch);
    this.#waiting.get(key)?.(reply);
    this.#waiting.delete(key);
  }

  /** Waits for the reply of each task to the next message to all tasks. */
  #replies<K extends FromTask['kind']>(kind: K, epoch: number): Promise<Extract<FromTask, { kind: K }>[]> {
    const replies = this.#options.tasks.map(
      (_, task) =>
        new Promise<FromTask>((resolve) => {
          this.#waiting.set(replyKey(task, kind, epoch), resolve);
        }),
    );
    return Promise.all(replies) as Promise<Extract<FromTask, { kind: K }>[]>;
  }

  /** Sends the barrier. `finished`: the input is at its end, or the job was drained. */
  begin(finished: boolean, savepoint: SavepointMark | null): void {
    const since = this.#clock.monotonicMs();
    const epoch = ++this.#epoch;
    this.#expired = false;
    // The state of a job whose input is at its end is never restored. A savepoint may still be
    // inspected.
    const withState = !finished || savepoint !== null;
    const { fullEvery } = this.#upkeep;
    const full = withState && (this.#fullIsDue || (fullEvery > 0 && this.#sinceFull + 1 >= fullEvery));
    if (full) this.#fullIsDue = false;
    const replies = this.#replies('prepared', epoch);
    const state: StateDemand = full ? 'all' : withState ? 'new' : 'none';
    for (const task of this.#options.tasks) task.send({ kind: 'barrier', epoch, state });
    const mark = savepoint === null ? { finished } : { finished, savepoint };
    this.running = this.#complete(epoch, mark, replies, since, full).finally(() => {
      this.running = null;
    });
    // The job checks `running` between batches. A rejection before that must not count as
    // unhandled.
    this.running.catch(() => {});
  }

  async #complete(
    epoch: number,
    mark: Pick<Manifest, 'finished' | 'savepoint'>,
    replies: Promise<readonly Prepared[]>,
    since: number,
    full: boolean,
  ): Promise<void> {
    try {
      const prepared = await replies;
      this.#notePause(Math.max(...prepared.map(({ pauseMs }) => pauseMs)));
      this.#keepOutput(prepared);
      const { files, newBytes } = storedState(prepared);
      this.stats.lastNewBytes = newBytes;
      const output = Object.fromEntries(this.#uncommitted);
      const { job, instance, generation, plan, operators, backend, keyGroups = [] } = this.#options;
      const manifest: Manifest = {
        format: MANIFEST_FORMAT,
        job,
        epoch,
        instance,
        generation,
        ancestors: this.#ancestors,
        createdAt: this.#clock.now(),
        plan,
        operators,
        ...joinedCuts(prepared),
        ...mark,
        state: { backend, keyGroups: KEY_GROUPS, subtasks: subtasksOf(prepared, keyGroups) },
        sinks: output,
      };
      if (this.#abandoned) throw this.#givenUp();
      if (!(await this.#storage.createManifest(epoch, encodeManifest(manifest)))) {
        throw new EngineError('JOB_LOCKED', `checkpoint ${epoch} exists already: another process runs this job`, {
          epoch,
        });
      }
      this.#ancestors = [...this.#ancestors, epoch];
      this.#lastFiles = new Set(files.map((f) => f.sha256));
      if (this.#abandoned) throw this.#givenUp();
      await this.#commit(epoch, output);
      this.stats.completed++;
      this.#sinceFull = full ? 0 : this.#sinceFull + 1;
      this.stats.lastEpoch = epoch;
      this.stats.lastDurationMs = this.#clock.monotonicMs() - since;
      this.stats.lastSizeBytes = files.reduce((sum, f) => sum + f.length, 0);
      this.stats.lastCompletedAt = this.#clock.now();
    } catch (cause) {
      if (!this.#expired) this.stats.failed++;
      this.#fullIsDue ||= full;
      if (this.broken !== null) throw this.broken;
      if (cause instanceof EngineError && (cause.code === 'JOB_LOCKED' || cause.code === 'STATE_STORE')) {
        this.broken = cause;
        throw cause;
      }
      throw new EngineError(
        'CHECKPOINT_FAILED',
        `checkpoint ${epoch} failed: ${(cause as Error).message}`,
        { epoch },
        cause,
      );
    }
    // A failed sweep leaves files behind, which the next one deletes. It must not fail a checkpoint
    // that is complete.
    const { retained } = this.#options;
    const kept = await sweepCheckpoints(this.#storage, retained, this.#upkeep.minAgeMs).catch(() => null);
    if (kept !== null) this.#ancestors = this.#ancestors.filter((one) => kept.has(one));
  }

  #notePause(pauseMs: number): void {
    const { pausesMs } = this.stats;
    this.stats.lastPauseMs = pauseMs;
    pausesMs.push(pauseMs);
    if (pausesMs.length > 1000) pausesMs.shift();
  }

  /**
   * Keeps prepared output for the next manifest that is created, even if this checkpoint fails. No
   * checkpoint may follow when output is lost.
   */
  #keepOutput(prepared: readonly Prepared[]): void {
    for (const { output } of prepared) {
      if ('failure' in output) {
        const lost = errorOf(output.failure) as EngineError;
        this.broken = lost;
        throw lost;
      }
      for (const [name, part] of Object.entries(output.value)) {
        if (part !== null) this.#uncommitted.set(name, [...(this.#uncommitted.get(name) ?? []), part]);
      }
    }
  }

  async #commit(epoch: number, output: Readonly<Record<string, readonly unknown[]>>): Promise<void> {
    const replies = this.#replies('committed', epoch);
    for (const task of this.#options.tasks) task.send({ kind: 'commit', epoch, output });
    const committed = await replies;
    for (const name of committed.flatMap(({ sinks }) => sinks)) this.#uncommitted.delete(name);
    for (const { failure } of committed) if (failure !== null) throw errorOf(failure);
  }

  /**
   * Records that the running checkpoint has taken longer than `ms`, its time-out. The checkpoint
   * continues. Returns the error that reports this.
   */
  expire(ms: number): EngineError {
    if (!this.#expired) this.stats.failed++;
    this.#expired = true;
    const epoch = this.#epoch;
    const what = `checkpoint ${epoch} is not complete after ${durationText(ms)} (execution.checkpointing.timeout)`;
    return new EngineError(
      'CHECKPOINT_FAILED',
      `${what}: ${this.#storage.location} or an output does not answer, or not in time`,
      { epoch },
    );
  }

  /**
   * Abandons the running checkpoint when the job ends. The checkpoint then creates no manifest and
   * commits no output. If its manifest exists already, the next process of the job commits that
   * output.
   */
  abandon(): void {
    this.#abandoned = true;
  }

  #givenUp(): EngineError {
    return new EngineError('CHECKPOINT_FAILED', 'the job ended before', {});
  }

  /**
   * Handles damage of a stored file. If the last checkpoint needs the file, the next one stores all
   * its files again, and writes state that is in memory to a new file. Returns false if only older
   * checkpoints need the file, because those cannot be repaired.
   */
  storeAgain(sha256: string): boolean {
    if (!this.#lastFiles.has(sha256)) return false;
    this.#fullIsDue = true;
    for (const task of this.#options.tasks) task.send({ kind: 'renew-state' });
    return true;
  }
}

const replyKey = (task: number, kind: FromTask['kind'], epoch: number): string => `${task} ${kind} ${epoch}`;

/** Returns the files of all tasks. Throws the first failure. */
function storedState(prepared: readonly Prepared[]): StoredState {
  const stored = prepared.map(({ state }) => {
    if ('failure' in state) throw errorOf(state.failure);
    return state.value;
  });
  return {
    files: stored.flatMap(({ files }) => files),
    newBytes: stored.reduce((sum, { newBytes }) => sum + newBytes, 0),
  };
}

function subtasksOf(
  prepared: readonly Prepared[],
  keyGroups: readonly SubtaskState['keyGroups'][],
): readonly SubtaskState[] {
  return prepared.map(({ cut, state }, subtask) => ({
    subtask,
    keyGroups: keyGroups[subtask] ?? ALL_GROUPS,
    files: 'failure' in state ? [] : state.value.files,
    snapshots: cut.snapshots,
  }));
}

/** Only the task reads sources and counts rows. */
function joinedCuts(prepared: readonly Prepared[]): Pick<TaskCut, 'sources' | 'rows'> {
  const cuts = prepared.map(({ cut }) => cut);
  return {
    sources: Object.assign({}, ...cuts.map(({ sources }) => sources)) as TaskCut['sources'],
    rows: Object.assign({}, ...cuts.map(({ rows }) => rows)) as TaskCut['rows'],
  };
}
