import type { Batch } from '../batch/batch.ts';
import type { Clock } from '../core/clock.ts';
import type { FunctionEnvironment } from '../functions/scalar-function.ts';
import type { PreparedEpoch } from './sink.ts';
import type { StateStore } from './state/state-store.ts';

/**
 * One node of a running plan.
 *
 * Each operator guarantees:
 * - `onBatch` returns nothing if all state was in memory, otherwise a promise. The caller passes
 *   the next batch only after this promise has resolved.
 * - Rows and watermarks are emitted in the order of the input's rows and marks that caused them.
 *   The output does not depend on the batch boundaries of the input. A result that a mark causes
 *   precedes the mark in the output.
 * - It never keeps a vector or a slice of a batch after the call.
 * - All state is in tables that the constructor declares with the store. `snapshot` and `restore`
 *   handle all other durable values.
 */
export interface Operator {
  onBatch(batch: Batch, input: number, out: Output): void | Promise<void>;
  /**
   * A guarantee about the results. A merge with another branch of the same source needs it.
   * `in-place`: rows and marks keep their positions in the batch. `at-marks`: only marks cause
   * rows, and all marks pass. Absent: no guarantee. On a branch to a merge, the operator then gets
   * one row or mark at a time.
   */
  readonly results?: 'in-place' | 'at-marks';
  /**
   * Called when all effects of one source batch have arrived. For operators that hold their output
   * until then.
   */
  endRound?(out: Output): void | Promise<void>;
  /**
   * Emits the results that are still owed, because other threads compute them. Called before a
   * barrier, and while the sources have no rows.
   */
  settle?(out: Output): void | Promise<void>;
  /**
   * Returns a small JSON value for the checkpoint, in addition to the tables: the watermark and
   * counters. Called at a barrier.
   */
  snapshot?(): unknown;
  /** Called at a barrier. Closes the output of the epoch. Only sinks have output. */
  prepare?(epoch: number): PreparedEpoch;
  /** Called once before the first batch, after the tables have been restored. */
  restore?(snapshot: unknown): void | Promise<void>;
  /**
   * Called between batches when processing time has advanced, at most every few milliseconds, also
   * while the sources are idle. For timers on processing time.
   */
  onProcessingTime?(now: number, out: Output): void | Promise<void>;
  /**
   * Called when an input becomes idle or active again. The watermark does not wait for an idle
   * input. For operators with several inputs.
   */
  onInputIdle?(input: number, idle: boolean, out: Output): void | Promise<void>;
  /** Counters for metrics and the job's API resource, e.g. `lateRows`. */
  metrics?(): OperatorCounters;
  close?(): void | Promise<void>;
}

/** Numbers, or numbers by the name of a part. */
export type OperatorCounters = Readonly<Record<string, number | Readonly<Record<string, number>>>>;

/** Receives the output of an operator. */
export interface Output {
  /**
   * Emits a batch. The batch and its vectors must not change afterwards, because consumers may hold
   * the batch in a queue. Only sources reuse memory, at their next poll.
   */
  emit(batch: Batch): void;
  /**
   * The receiver needs no watermark between the rows of a batch, only the last one, after them.
   */
  readonly onlyLastMark?: boolean;
  /**
   * Emits late rows of the input, which the operator drops. Absent: no operator reads them.
   */
  emitLate?: ((batch: Batch) => void) | undefined;
}

/** The context that the engine passes to an operator when it builds the graph. */
export interface OperatorContext {
  /** The operator's small number in state keys, stable over restores. */
  readonly operator: number;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly settings: Readonly<Record<string, string>>;
  /** The session properties that functions can read. */
  readonly environment: FunctionEnvironment;
  /** The target number of rows in an output batch. */
  readonly batchRows: number;
}
