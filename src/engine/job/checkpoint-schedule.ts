import { type Clock, settledWithin } from '../../core/clock.ts';
import { EngineError } from '../../core/engine-error.ts';
import type { CheckpointCoordinator } from '../checkpoint/coordinator.ts';
import type { SavepointMark } from '../checkpoint/manifest.ts';
import { BarrierRequests } from './barrier-requests.ts';
import type { CheckpointOptions, JobEvent } from './job-options.ts';

/** How often a waiting call checks whether the checkpoint takes too long. */
const LOOK_EVERY_MS = 100;
/** How long an ending job waits for a running checkpoint. */
const CLOSE_GRACE_MS = 10_000;

/**
 * When a running job takes its checkpoints, how long one may take, and how many failures the job
 * tolerates.
 */
export class CheckpointSchedule {
  readonly barriers = new BarrierRequests();
  readonly #coordinator: CheckpointCoordinator;
  readonly #options: CheckpointOptions;
  readonly #clock: Clock;
  readonly #report: (event: JobEvent) => void;
  readonly #onEnd: () => void;
  #failuresInARow = 0;
  #failure: EngineError | null = null;
  #nextAt: number;
  /**
   * The time at which the running checkpoint has taken too long, and the time before which none may
   * start.
   */
  #deadline = Number.POSITIVE_INFINITY;
  #pauseUntil = 0;
  /** The calls that wait for the running checkpoint. */
  #served: readonly { readonly reject: (error: EngineError) => void }[] = [];

  constructor(options: {
    coordinator: CheckpointCoordinator;
    checkpoints: CheckpointOptions;
    clock: Clock;
    report: (event: JobEvent) => void;
    /** Called when a checkpoint is complete or has failed. */
    onEnd?: () => void;
  }) {
    this.#coordinator = options.coordinator;
    this.#options = options.checkpoints;
    this.#clock = options.clock;
    this.#report = options.report;
    this.#onEnd = options.onEnd ?? (() => {});
    this.#nextAt = this.#afterInterval();
  }

  /**
   * Called between two batches: begins a checkpoint if one is due or requested. `now`: monotonic
   * milliseconds.
   */
  check(now: number): void {
    const due = now >= Math.max(this.#nextAt, this.#pauseUntil) || this.barriers.any;
    if (due && this.#coordinator.running === null) {
      this.begin(false);
      this.#nextAt = this.#afterInterval();
    }
  }

  /** Returns the milliseconds until `check` or `throwFailure` has something to do. */
  dueInMs(now: number): number {
    if (this.#coordinator.running !== null) return this.#deadline - now;
    return this.barriers.any ? 0 : Math.max(this.#nextAt, this.#pauseUntil) - now;
  }

  /** Sends the barrier. No checkpoint may be running. */
  begin(finished: boolean, mark: SavepointMark | null = null): void {
    const coordinator = this.#coordinator;
    if (coordinator.broken !== null) throw coordinator.broken;
    const { savepoint, served } = this.barriers.take(mark);
    this.#served = served;
    this.#deadline = this.#clock.monotonicMs() + (this.#options.timeoutMs ?? Number.POSITIVE_INFINITY);
    coordinator.begin(finished, savepoint);
    coordinator.running!.then(
      () => {
        this.#failuresInARow = 0;
        this.#pauseUntil = this.#clock.monotonicMs() + this.#options.minPauseMs;
        const { lastEpoch: epoch, lastDurationMs: durationMs, lastSizeBytes: bytes } = coordinator.stats;
        this.#report({ kind: 'checkpoint', epoch, durationMs, bytes });
        for (const { resolve } of served) resolve();
        this.#onEnd();
      },
      (error: EngineError) => {
        for (const { reject } of served) reject(error);
        this.#failed(error);
        this.#onEnd();
      },
    );
  }

  /**
   * Handles the failure of a checkpoint. An error other than CHECKPOINT_FAILED ends the job. The
   * job tolerates CHECKPOINT_FAILED up to `tolerableFailures` times in a row, because the next
   * checkpoint also contains the output and files of the failed one.
   */
  #failed(error: EngineError): void {
    this.#failuresInARow++;
    if (error.code !== 'CHECKPOINT_FAILED') this.#failure ??= error;
    if (this.#failuresInARow > this.#options.tolerableFailures) this.#failure ??= error;
    this.#report({ kind: 'checkpoint-failed', error });
  }

  /**
   * Counts a checkpoint that exceeds its time-out as a failure, and again each time that a further
   * time-out has passed. The checkpoint continues, because its writes cannot be undone. No other
   * checkpoint begins before it ends. If it succeeds later, it is valid.
   */
  throwFailure(): void {
    const { timeoutMs } = this.#options;
    if (this.#coordinator.running !== null && timeoutMs !== null && this.#clock.monotonicMs() > this.#deadline) {
      this.#deadline = this.#clock.monotonicMs() + timeoutMs;
      this.#failed(this.#coordinator.expire(timeoutMs));
    }
    if (this.#failure !== null) throw this.#failure;
  }

  /**
   * Resolves when no checkpoint is running, or when `until` returns true. Rejects with the failure
   * of the job.
   */
  async settled(until: () => boolean = () => false): Promise<void> {
    while (this.#coordinator.running !== null && !until()) {
      await this.#wait(LOOK_EVERY_MS);
      this.throwFailure();
    }
  }

  /**
   * Takes a checkpoint that must succeed, regardless of the number of failures that the job
   * tolerates. Resolves when it is complete, or when `until` returns true. No other may be running.
   */
  async complete(finished: boolean, mark: SavepointMark | null = null, until?: () => boolean): Promise<void> {
    this.begin(finished, mark);
    const { running } = this.#coordinator;
    await this.settled(until);
    if (this.#coordinator.running === null) await running;
  }

  /**
   * Abandons a checkpoint that is still running some time after the end of the job. The calls that
   * wait for it are rejected.
   */
  async giveUp(graceMs: number = CLOSE_GRACE_MS): Promise<void> {
    const ended = new EngineError('CHECKPOINT_FAILED', 'the job ended before the checkpoint was complete', {});
    this.barriers.rejectAll(ended);
    await this.#wait(graceMs);
    if (this.#coordinator.running === null) return;
    this.#coordinator.abandon();
    for (const { reject } of this.#served) reject(ended);
  }

  /** Waits for the running checkpoint to succeed or fail, but no longer than `ms`. */
  async #wait(ms: number): Promise<void> {
    const { running } = this.#coordinator;
    if (running !== null) await settledWithin(this.#clock, ms, running);
  }

  #afterInterval(): number {
    const { intervalMs } = this.#options;
    return intervalMs === null ? Number.POSITIVE_INFINITY : this.#clock.monotonicMs() + intervalMs;
  }
}
