import type { MatchQuestion } from '../../compiler/compile-result.ts';
import type { ErrorCode } from '../../core/error-codes.ts';
import type { SavepointMark } from '../../engine/checkpoint/manifest.ts';
import type { CheckpointUpkeep } from '../../engine/checkpoint/upkeep.ts';
import type { JobMetrics } from '../../engine/job/job-metrics.ts';
import type { PatternReload } from '../../engine/job/operator-changes.ts';
import type { OperatorReload } from '../../engine/match/carry/carry-report.ts';
import type { Plan } from '../../plan/plan.ts';
import type { StoragePlace } from '../../storage/open-storage.ts';
import type { DemoTable } from '../demo/demo-timeline.ts';
import type { ExplanationJson } from '../match-explanation/explanation-json.ts';
import type { OpenMatchesJson } from '../match-explanation/open-matches-json.ts';
import type { OpenMatchesQuestion } from './open-matches-question.ts';

/** A job for a worker: plain data, sent by structured clone. Paths are absolute. */
export interface JobSpec {
  /** `<data directory>/jobs/<id>`. */
  readonly directory: string;
  readonly id: string;
  readonly plan: Plan;
  readonly backend: 'rocksdb' | 'memory';
  /**
   * The memory of back end and cache together at the start. `memory` messages change the cache's
   * part.
   */
  readonly memoryBytes: number;
  /** The largest memory that the job can get: `state.memory` of the service. */
  readonly mostMemoryBytes: number;
  readonly diskLowWaterBytes: number;
  /** Live state of a job that starts without a checkpoint. */
  readonly stateDirectory: string;
  readonly batchRows: number;
  /** The job has a thread of its own. */
  readonly alone: boolean;
  readonly checkpoints: CheckpointSpec | null;
  /** Relative paths of tables are relative to it. */
  readonly baseDirectory: string;
  readonly roots: readonly string[] | null;
  /** The job is a followed SELECT. Such a job waits for its reader instead of dropping rows. */
  readonly preview: boolean;
  /** The demo: sources that play files in a loop, and sinks that write files. */
  readonly demo: { readonly tables: Readonly<Record<string, DemoTable>>; readonly outputDirectory: string } | null;
}

export interface CheckpointSpec {
  readonly place: StoragePlace;
  readonly intervalMs: number;
  readonly minPauseMs: number;
  readonly timeoutMs: number;
  readonly retained: number;
  readonly upkeep: CheckpointUpkeep;
  readonly tolerableFailures: number;
  readonly patternReload: PatternReload;
  /** The checkpoint from which to continue; null: the newest. */
  readonly restoreEpoch: number | null;
}

export interface ExplainSpec {
  readonly question: MatchQuestion;
  readonly baseDirectory: string;
  readonly roots: readonly string[] | null;
}

/** Messages to a running job. */
export type ToJob =
  /** A question about the running job; `open-matches` with the same number answers it. */
  | { readonly kind: 'open-matches'; readonly number: number; readonly question: OpenMatchesQuestion }
  | { readonly kind: 'stop'; readonly how: 'stop' | 'cancel'; readonly savepoint: SavepointMark | null }
  /** A savepoint of the running job; `savepoint-taken` with the same number answers it. */
  | { readonly kind: 'savepoint'; readonly number: number; readonly name: string }
  /** All rows are sent, not only the last ones. */
  | { readonly kind: 'follow'; readonly on: boolean }
  /** One `rows` message has been processed. */
  | { readonly kind: 'taken' }
  /** The job's total share of memory from now on, bytes. */
  | { readonly kind: 'memory'; readonly bytes: number };

/** A thread runs several jobs. `run` is the number of a run of a job in its thread. */
export type ToWorker =
  | { readonly kind: 'run'; readonly run: number; readonly spec: JobSpec }
  | { readonly kind: 'to-job'; readonly run: number; readonly message: ToJob }
  | {
      readonly kind: 'golden';
      readonly directory: string;
      readonly sqlFile: string;
      readonly settings: Readonly<Record<string, string>>;
    }
  | ({ readonly kind: 'explain' } & ExplainSpec);

/** Messages of a job. The last one is `ended` or `failed`. */
export type FromJob =
  | { readonly kind: 'opened'; readonly restoredFrom: number | null }
  /** The effect of a changed query on the state of the job. Sent before `opened`. */
  | { readonly kind: 'reloaded'; readonly operators: readonly OperatorReload[] }
  | { readonly kind: 'metrics'; readonly metrics: JobMetrics }
  | OutputRows
  | { readonly kind: 'note'; readonly level: 'info' | 'warn'; readonly message: string }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'ended'; readonly outcome: 'finished' | 'stopped'; readonly metrics: JobMetrics }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  | {
      readonly kind: 'open-matches';
      readonly number: number;
      readonly answer: OpenMatchesJson | null;
      readonly failure: Omit<JobFailure, 'opened'> | null;
    }
  | {
      readonly kind: 'savepoint-taken';
      readonly number: number;
      readonly failure: Omit<JobFailure, 'opened'> | null;
    };

export type FromWorker =
  | { readonly kind: 'from-job'; readonly run: number; readonly message: FromJob }
  /** An error that no code caught. The thread ends. `run`: the run that caused it, if known. */
  | { readonly kind: 'uncaught'; readonly run: number | null; readonly message: string }
  | { readonly kind: 'explanation'; readonly explanation: ExplanationJson }
  | { readonly kind: 'failed'; readonly failure: JobFailure }
  | { readonly kind: 'golden'; readonly failure: string | null };

export interface OutputRows {
  readonly kind: 'rows';
  readonly sink: string;
  /** JSON texts `{"op":"+I","row":{…}}`, oldest first. */
  readonly lines: readonly string[];
  /** Number of rows written to the sink since the last message, including these. */
  readonly written: number;
  /** Number of these rows that were dropped because the reader was too slow. */
  readonly dropped: number;
}

export interface JobFailure {
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether the job had been opened. Before that, no part of the job ran. */
  readonly opened: boolean;
  /**
   * The job ended for the sake of its thread, and another job of the thread may be the cause. The
   * job starts again at once, in a thread of its own.
   */
  readonly displaced?: boolean;
}

/**
 * Limit of unacknowledged `rows` messages of a job. Beyond it rows are dropped, or a preview
 * waits.
 */
export const ROWS_WINDOW = 4;
/** Rows in one message at most. */
export const ROWS_PER_MESSAGE = 1000;
/** Number of rows kept of a sink without followers. */
export const ROWS_KEPT = 50;
