import type { Clock } from '../../core/clock.ts';
import type { Disk } from '../../core/disk.ts';
import type { EngineError } from '../../core/engine-error.ts';
import type { Scheduler } from '../../core/scheduler.ts';
import type { Plan } from '../../plan/plan.ts';
import type { CheckpointStorage } from '../checkpoint/checkpoint-storage.ts';
import type { CheckpointUpkeep } from '../checkpoint/upkeep.ts';
import type { Endpoints } from '../endpoints.ts';
import type { OperatorReload } from '../match/carry/carry-report.ts';
import type { ObservedMatch } from '../match/match-observer.ts';
import type { StateOptions } from '../state/open-backend.ts';
import type { SubtaskOptions } from '../subtask/subtasks.ts';
import type { TaskEvent } from '../task/task.ts';
import type { PatternReload } from './operator-changes.ts';

export interface JobOptions {
  readonly id: string;
  readonly plan: Plan;
  readonly endpoints: Endpoints;
  readonly clock: Clock;
  readonly random: () => number;
  /** Absent: the real ones. */
  readonly scheduler?: Scheduler;
  readonly disk?: Disk;
  readonly batchRows: number;
  readonly state: StateOptions;
  /** null: no checkpoints; output is committed at the end. */
  readonly checkpoints: CheckpointOptions | null;
  /** Absent: the job has subtasks only if it continues from a checkpoint with subtasks. */
  readonly subtasks?: SubtaskOptions;
  /** Observes the matching of one of the job's patterns. */
  readonly observedMatch?: ObservedMatch;
  /** Receives the events of the running job. */
  readonly onEvent?: (event: JobEvent) => void;
}

export interface CheckpointOptions {
  readonly storage: CheckpointStorage;
  /**
   * Milliseconds between the starts of two checkpoints; null: only the last one, at the end or at a
   * stop.
   */
  readonly intervalMs: number | null;
  /** Milliseconds between the end of one and the start of the next. */
  readonly minPauseMs: number;
  /** Milliseconds after which a running checkpoint counts as failed; null: never. */
  readonly timeoutMs: number | null;
  readonly retained: number;
  /** Left out: none. */
  readonly upkeep?: CheckpointUpkeep;
  /** Failures in a row that the job tolerates before it fails. */
  readonly tolerableFailures: number;
  /** `latest`: the newest usable one, if there is one. */
  readonly restore: 'latest' | 'fresh' | { readonly epoch: number };
  /**
   * If the plan differs from the checkpoint's: `refuse` to start, or `carry` over the state of
   * equal operators and of patterns.
   */
  readonly onChangedPlan: 'refuse' | 'carry';
  /** How a changed pattern treats its state (`sequitur.pattern.reload`); absent: `carry`. */
  readonly patternReload?: PatternReload;
}

export type JobEvent =
  | TaskEvent
  | { readonly kind: 'restored'; readonly epoch: number; readonly finished: boolean }
  | { readonly kind: 'checkpoint-skipped'; readonly epoch: number; readonly error: EngineError }
  | { readonly kind: 'checkpoint'; readonly epoch: number; readonly durationMs: number; readonly bytes: number }
  /** A stored checkpoint is damaged. `mended`: the next one stores the damaged files again. */
  | {
      readonly kind: 'checkpoint-damaged';
      readonly epoch: number;
      readonly error: EngineError;
      readonly mended: boolean;
    }
  /** Files beside the checkpoints that this program did not write. */
  | { readonly kind: 'unknown-files'; readonly files: readonly string[] }
  | { readonly kind: 'checkpoint-failed'; readonly error: EngineError }
  /** The plan differs from the checkpoint's: the result for each operator with state. */
  | { readonly kind: 'reloaded'; readonly operators: readonly OperatorReload[] };

export interface JobResult {
  /** `finished`: the input is at its end; `stopped`: the job was asked to stop. */
  readonly outcome: 'finished' | 'stopped';
}
