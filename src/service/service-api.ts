import type { Field } from '../core/data-type.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import type { LocatedDiagnostic } from '../core/located-diagnostic.ts';
import type { JobMetrics } from '../engine/job/job-metrics.ts';
import type { OperatorReload } from '../engine/match/carry/carry-report.ts';
import type { Plan } from '../plan/plan.ts';
import type { ExplanationJson } from './match-explanation/explanation-json.ts';
import type { OpenMatchesJson } from './match-explanation/open-matches-json.ts';
import type { SavepointRequest, SavepointStatus } from './savepoints.ts';
import type { OpenMatchesQuestion } from './worker/open-matches-question.ts';

/**
 * What the HTTP layer may ask of the service. Plain data in and out; failures are `EngineError`s
 * with codes of the one table, users' mistakes in SQL come back as located diagnostics. The service
 * thread never runs a job: each lives in its own worker thread.
 */
export interface ServiceApi {
  /** Takes effect whole or not at all; what it changed is journalled before it resolves. */
  submit(sql: string, options: { readonly settings?: Readonly<Record<string, string>> }): Promise<SubmitResult>;
  jobs(): readonly JobSummary[];
  job(id: string): JobDetail | undefined;
  /** What a pattern of a running job holds open for one key, between two of its batches. */
  openMatches(id: string, question: OpenMatchesQuestion): Promise<OpenMatchesJson>;
  /** Stops after a last checkpoint; resolves when the job has ended. Its checkpoints stay. */
  stopJob(id: string): Promise<JobSummary>;
  /**
   * Starts a job that has ended again, from its newest checkpoint or the savepoint of that name;
   * resolves when it runs or has failed to. One that runs is left alone, and refused where a
   * savepoint is named.
   */
  startJob(id: string, savepoint?: string): Promise<JobSummary>;
  /**
   * Begins a savepoint of a running job; resolves with what there is to look at while it is taken.
   */
  takeSavepoint(id: string, request: SavepointRequest): Promise<SavepointStatus>;
  /** Oldest first; those under way and those that failed since the service was started too. */
  savepoints(id: string): Promise<readonly SavepointStatus[]>;
  savepoint(id: string, name: string): Promise<SavepointStatus>;
  /** Its data goes with the job's next checkpoint. The one that the job would go on from stays. */
  deleteSavepoint(id: string, name: string): Promise<void>;
  /** Stops the job at once if it runs, and forgets it with its checkpoints and savepoints. */
  deleteJob(id: string): Promise<void>;
  /**
   * The job's output rows as they come, the last ones first if it has some kept; ends with the job.
   * The listener must not block; a slow consumer is cut off by the caller.
   */
  follow(id: string, listener: (event: ResultEvent) => void): (() => void) | undefined;
  patterns(): readonly PatternStatus[];
  /** The latest output rows of all jobs, newest last: what the page shows. */
  recentRows(): readonly RecentRow[];
  health(): Health;
  close(): Promise<void>;
}

export interface SubmitResult {
  readonly statements: readonly StatementResult[];
  readonly warnings: readonly LocatedDiagnostic[];
}

/**
 * `job` of a SELECT: a preview whose rows are followed; it ends when nobody follows it any more.
 */
export type StatementResult =
  | { readonly kind: 'job'; readonly id: string; readonly origin: 'insert' | 'statement-set' | 'select' }
  | { readonly kind: 'rows'; readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }
  | {
      readonly kind: 'definition';
      readonly action: 'create' | 'drop';
      readonly object: 'table' | 'view';
      readonly name: string;
    }
  | { readonly kind: 'explanation'; readonly explanation: ExplanationJson }
  | { readonly kind: 'set'; readonly key: string | null };

export type JobState = 'CREATED' | 'RUNNING' | 'RESTARTING' | 'SUSPENDED' | 'FINISHED' | 'CANCELED' | 'FAILED';

export interface JobSummary {
  readonly id: string;
  readonly state: JobState;
  /** Where it came from: `http`, or the name of the pattern. */
  readonly origin: string;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly restarts: number;
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly lateRows: number;
  readonly malformedRows: number;
  readonly watermark: number | null;
  readonly stateBytes: number;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
}

export interface JobDetail extends JobSummary {
  readonly plan: Plan;
  readonly explain: string;
  readonly metrics: JobMetrics | null;
  readonly failures: readonly { readonly at: number; readonly code: ErrorCode; readonly message: string }[];
  /** The last time that it went on with a changed query; null: not since the service started. */
  readonly reload: ReloadStatus | null;
}

/** What became of the state of the operators that have some. */
export interface ReloadStatus {
  readonly at: number;
  readonly operators: readonly OperatorReload[];
}

export interface ResultEvent {
  readonly kind: 'rows' | 'end';
  readonly sink?: string;
  readonly fields?: readonly Field[];
  /** JSON texts `{"op":"+I","row":{…}}`. */
  readonly lines?: readonly string[];
  /**
   * Rows that were left out before these, because the reader was too slow. Never set for a preview.
   */
  readonly dropped?: number;
  readonly state?: JobState;
}

export interface RecentRow {
  /** Rising number, so that a page can ask for what is new. */
  readonly sequence: number;
  readonly at: number;
  readonly job: string;
  readonly sink: string;
  /** JSON text `{"op":"+I","row":{…}}`. */
  readonly line: string;
}

export interface PatternStatus {
  readonly name: string;
  readonly file: string;
  readonly state: 'running' | 'finished' | 'broken' | 'failed' | 'stopped';
  /** Jobs of the version that runs; a broken file keeps the jobs of its last good version. */
  readonly jobs: readonly string[];
  readonly title: string;
  readonly changedAt: number;
  /** What is wrong with the file as it is now: diagnostics, or a failed golden. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly problem: string | null;
  /** By job: what the last change of the file has done to its state. */
  readonly reloads: Readonly<Record<string, ReloadStatus>>;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly uptimeMs: number;
  readonly jobs: Readonly<Record<JobState, number>>;
  readonly memory: { readonly rssBytes: number; readonly budgetBytes: number };
  readonly brokenPatterns: readonly string[];
}
