import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../core/disk.ts';
import { EngineError } from '../../core/engine-error.ts';
import { durationText } from '../../core/quantity.ts';
import type { Sink } from '../sink.ts';
import type { CachedStateStore } from '../state/cached-state-store.ts';
import type { CheckpointStorage } from './checkpoint-storage.ts';
import { encodeManifest, MANIFEST_FORMAT, type Manifest } from './manifest.ts';
import { sweepCheckpoints } from './retention.ts';
import { NO_STATE, StateFiles, type StateSnapshot } from './state-files.ts';
import { type CheckpointUpkeep, NO_UPKEEP } from './upkeep.ts';

/** What the barrier captures, at one moment between two batches. */
export type Cut = Pick<Manifest, 'plan' | 'operators' | 'sources' | 'snapshots' | 'rows' | 'finished' | 'savepoint'>;

export interface CheckpointStats {
  completed: number;
  failed: number;
  lastEpoch: number;
  /** Milliseconds from barrier to durable manifest. */
  lastDurationMs: number;
  /** Milliseconds that processing stood still. */
  lastPauseMs: number;
  pausesMs: number[];
  lastSizeBytes: number;
  lastNewBytes: number;
  lastCompletedAt: number;
  /** Checkpoints that were read back, and those of them that were damaged. */
  scrubbed: number;
  damaged: number;
}

/**
 * One checkpoint at a time: barrier (synchronous), then in the background state, output and
 * manifest, then the sinks' commit.
 *
 * 1. `begin`: the sinks close their epoch, the store is sealed, the cut is captured. Only this
 *    stops the job.
 * 2. The sealed entries are written, the back end's files linked; from then on the job's state may
 *    reach the back end again.
 * 3. New files are hashed and stored; the sinks' output is durable; the manifest is created. This
 *    is the moment of the checkpoint.
 * 4. The sinks commit; old checkpoints are swept.
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
  /** The checkpoint under way. Rejects when it failed. */
  running: Promise<void> | null = null;
  /** Why no checkpoint may follow: output or state of an earlier one is lost. */
  broken: EngineError | null = null;
  readonly #storage: CheckpointStorage;
  readonly #store: CachedStateStore;
  readonly #sinks: ReadonlyMap<string, Sink>;
  readonly #clock: Clock;
  readonly #job: string;
  readonly #instance: string;
  readonly #generation: number;
  readonly #retained: number;
  readonly #upkeep: CheckpointUpkeep;
  /** Checkpoints since all files were stored anew. */
  #sinceFull = 0;
  /** The next one must, whatever their number. */
  #fullIsDue = false;
  /** What the last one that stands consists of. */
  #standing: ReadonlySet<string> = new Set();
  #epoch: number;
  /** The one under way has been counted as failed. */
  #expired = false;
  #abandoned = false;
  #ancestors: readonly number[];
  /**
   * Prepared output by sink, of this epoch and of those whose checkpoint failed: none of it is
   * lost.
   */
  readonly #uncommitted = new Map<string, unknown[]>();
  readonly #stateFiles: StateFiles;

  constructor(options: {
    storage: CheckpointStorage;
    store: CachedStateStore;
    sinks: ReadonlyMap<string, Sink>;
    clock: Clock;
    disk: Disk;
    job: string;
    instance: string;
    generation: number;
    retained: number;
    /** Left out: none. */
    upkeep?: CheckpointUpkeep;
    /** The last number that is not to be given again; 0 = none. */
    epoch: number;
    /** The retained checkpoints that the job goes on from, with the one it was resumed from. */
    ancestors?: readonly number[];
  }) {
    this.#storage = options.storage;
    this.#store = options.store;
    this.#sinks = options.sinks;
    this.#clock = options.clock;
    this.#stateFiles = new StateFiles(options.storage, options.disk);
    this.#job = options.job;
    this.#instance = options.instance;
    this.#generation = options.generation;
    this.#retained = options.retained;
    this.#upkeep = options.upkeep ?? NO_UPKEEP;
    this.#epoch = options.epoch;
    this.#ancestors = options.ancestors ?? [];
    this.stats.lastEpoch = options.epoch;
  }

  /** The barrier. The job must be quiet: no batch under way. */
  begin(capture: () => Cut): void {
    const since = this.#clock.monotonicMs();
    const epoch = ++this.#epoch;
    this.#expired = false;
    const prepared = [...this.#sinks].map(([name, sink]) => {
      const part = sink.prepare(epoch);
      // Where another sink throws at once, nobody asks what became of this one.
      part.prepared.catch(() => {});
      return { name, ...part };
    });
    const cut = capture();
    // Of a job whose input is at its end nothing is ever restored; a savepoint may be looked into.
    const withState = !cut.finished || cut.savepoint !== undefined;
    if (withState) this.#store.seal();
    this.stats.lastPauseMs = this.#clock.monotonicMs() - since;
    this.stats.pausesMs.push(this.stats.lastPauseMs);
    if (this.stats.pausesMs.length > 1000) this.stats.pausesMs.shift();
    this.running = this.#complete(epoch, cut, prepared, since, withState).finally(() => {
      this.running = null;
    });
    // The job looks at `running` between batches; a rejection in between must not count as
    // unhandled.
    this.running.catch(() => {});
  }

  async #complete(
    epoch: number,
    cut: Cut,
    sinks: readonly { name: string; prepared: Promise<unknown> }[],
    since: number,
    withState: boolean,
  ): Promise<void> {
    const output = this.#keepPrepared(sinks);
    output.catch(() => {});
    const { fullEvery, minAgeMs } = this.#upkeep;
    const full = withState && (this.#fullIsDue || (fullEvery > 0 && this.#sinceFull + 1 >= fullEvery));
    if (full) this.#fullIsDue = false;
    try {
      const state = withState ? await this.#stateFiles.store(await this.#snapshotState(epoch), full) : NO_STATE;
      const { files } = state;
      this.stats.lastNewBytes = state.newBytes;
      await output;
      const prepared = Object.fromEntries(this.#uncommitted);
      const manifest: Manifest = {
        format: MANIFEST_FORMAT,
        job: this.#job,
        epoch,
        instance: this.#instance,
        generation: this.#generation,
        ancestors: this.#ancestors,
        createdAt: this.#clock.now(),
        ...cut,
        state: { backend: this.#store.backend.kind, files },
        sinks: prepared,
      };
      if (this.#abandoned) throw this.#givenUp();
      if (!(await this.#storage.createManifest(epoch, encodeManifest(manifest)))) {
        throw new EngineError('JOB_LOCKED', `checkpoint ${epoch} exists already: another process runs this job`, {
          epoch,
        });
      }
      this.#ancestors = [...this.#ancestors, epoch];
      this.#standing = new Set(files.map((f) => f.sha256));
      if (this.#abandoned) throw this.#givenUp();
      for (const sink of this.#sinks.values()) sink.settle?.();
      for (const [name, parts] of Object.entries(prepared)) {
        for (const part of parts) await this.#sinks.get(name)!.commit(part);
        this.#uncommitted.delete(name);
      }
      this.stats.completed++;
      this.#sinceFull = full ? 0 : this.#sinceFull + 1;
      this.stats.lastEpoch = epoch;
      this.stats.lastDurationMs = this.#clock.monotonicMs() - since;
      this.stats.lastSizeBytes = files.reduce((sum, f) => sum + f.length, 0);
      this.stats.lastCompletedAt = this.#clock.now();
    } catch (cause) {
      if (!this.#expired) this.stats.failed++;
      this.#fullIsDue ||= full;
      // The next checkpoint goes on from this one's output and written state: where those are lost,
      // none may follow.
      await output.catch((lost: EngineError) => {
        this.broken = lost;
        throw lost;
      });
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
    // A failed sweep leaves files behind, which the next one takes; it must not fail a checkpoint
    // that stands.
    const kept = await sweepCheckpoints(this.#storage, this.#retained, minAgeMs).catch(() => null);
    if (kept !== null) this.#ancestors = this.#ancestors.filter((one) => kept.has(one));
  }

  /**
   * The one under way has taken longer than it may, `ms`; it stays under way. What to say of it.
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
   * The job ends without the one under way: it makes no manifest any more and shows no output.
   * Where its manifest stands already, who resumes from it shows that.
   */
  abandon(): void {
    this.#abandoned = true;
  }

  #givenUp(): EngineError {
    return new EngineError('CHECKPOINT_FAILED', 'the job ended before', {});
  }

  /**
   * A stored file is damaged: if the last checkpoint needs it, the next one stores all its files
   * anew, and state that is in memory as a new file. False: only older ones do, which cannot be
   * mended.
   */
  storeAnew(sha256: string): boolean {
    if (!this.#standing.has(sha256)) return false;
    this.#fullIsDue = true;
    this.#store.renewLog();
    return true;
  }

  /** Whatever becomes of the checkpoint, its output belongs to the next manifest that stands. */
  async #keepPrepared(sinks: readonly { name: string; prepared: Promise<unknown> }[]): Promise<void> {
    for (const result of await Promise.allSettled(sinks.map((sink) => sink.prepared))) {
      if (result.status === 'fulfilled') continue;
      const { reason } = result as PromiseRejectedResult;
      if (reason instanceof EngineError) throw reason;
      throw new EngineError('CONNECTOR_WRITE', `output cannot be made durable: ${String(reason)}`, {}, reason);
    }
    for (const { name, prepared } of sinks) {
      const part = await prepared;
      if (part !== null) this.#uncommitted.set(name, [...(this.#uncommitted.get(name) ?? []), part]);
    }
  }

  /**
   * The state at the barrier as local files, which stay as they are until the next barrier at
   * least.
   */
  async #snapshotState(epoch: number): Promise<StateSnapshot> {
    const { log } = this.#store;
    try {
      if (log !== null) {
        await this.#store.writeSealed();
        return { directory: null, files: log.files };
      }
      await this.#store.writeSealed().catch((cause: unknown) => {
        if (cause instanceof EngineError) throw cause;
        throw new EngineError('STATE_STORE', `state cannot be written: ${String(cause)}`, { epoch }, cause);
      });
      const directory = await this.#storage.workDirectory(`snapshot-${epoch}`);
      const names = await this.#store.backend.snapshotTo(directory);
      return { directory, files: names.map((name) => ({ name, path: path.join(directory, name) })) };
    } finally {
      this.#store.unseal();
    }
  }
}
