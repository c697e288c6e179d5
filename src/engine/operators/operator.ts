import type { Batch } from '../../batch/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { FunctionEnvironment } from '../../functions/scalar-function.ts';
import type { MatchObserver } from '../match/match-observer.ts';
import type { PreparedEpoch } from '../sink.ts';
import type { StateStore } from '../state/state-store.ts';

/**
 * One node of a running plan.
 *
 * Promises an operator keeps:
 * - It may be called with the next batch only after the promise of the previous call has resolved;
 *   it returns nothing when all state was in memory, otherwise a promise.
 * - Rows and watermarks come out in the order in which the input's rows and marks caused them:
 *   output is the same for any split of the input into batches. A result that a mark causes stands
 *   before the mark in the output.
 * - It never keeps a vector or a slice of a batch beyond the call.
 * - State lives only in tables it declared with the store in its constructor; what else must
 *   survive goes through `snapshot`/`restore`.
 */
export interface Operator {
  onBatch(batch: Batch, input: number, out: Output): void | Promise<void>;
  /**
   * What it promises of its results, so that they can be merged with those of another way from the
   * same source. `in-place`: rows and marks keep their positions in the batch. `at-marks`: only
   * marks cause rows, and all marks pass. Absent: nothing; on such a way it gets one row or mark at
   * a time.
   */
  readonly results?: 'in-place' | 'at-marks';
  /**
   * All that one batch of a source causes has come: for operators that wait for the rest of it
   * before they send anything.
   */
  endRound?(out: Output): void | Promise<void>;
  /**
   * Small JSON that belongs to the checkpoint beside the tables: watermark seen, counters. Called
   * at a barrier.
   */
  snapshot?(): unknown;
  /** A barrier has come: closes the output of the epoch. Only sinks have output. */
  prepare?(epoch: number): PreparedEpoch;
  /** Called once before the first batch, after the tables have been restored. */
  restore?(snapshot: unknown): void | Promise<void>;
  /**
   * Processing time moved on: called between batches, at most every few milliseconds, also while
   * the sources are idle. For timers on the clock.
   */
  onProcessingTime?(now: number, out: Output): void | Promise<void>;
  /**
   * An input has become idle, or is not idle any more: while it is, time does not wait for it. For
   * operators with several inputs.
   */
  onInputIdle?(input: number, idle: boolean, out: Output): void | Promise<void>;
  /** Counters for metrics and the job's API resource, e.g. `lateRows`. */
  metrics?(): OperatorCounters;
  close?(): void | Promise<void>;
}

/** Numbers, or numbers by the name of a part. */
export type OperatorCounters = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** Where an operator sends what it makes. */
export interface Output {
  /**
   * The batch and its vectors must not change afterwards: consumers may still hold it in a queue.
   * Only sources reuse memory, at their next poll.
   */
  emit(batch: Batch): void;
}

/** What the engine hands to an operator when it builds the graph. */
export interface OperatorContext {
  /** The operator's small number in state keys, stable over restores. */
  readonly operator: number;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly settings: Readonly<Record<string, string>>;
  /** What functions may know of the session. */
  readonly environment: FunctionEnvironment;
  /** Rows of a batch that the operator should aim at when it makes its own. */
  readonly batchRows: number;
  /** Looks on while patterns are matched. */
  readonly matchObserver?: MatchObserver;
}
