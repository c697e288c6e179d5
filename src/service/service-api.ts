import type { Field } from '../core/data-type.ts';
import type { ErrorCode } from '../core/error-codes.ts';
import type { LocatedDiagnostic } from '../core/located-diagnostic.ts';
import type { JobMetrics } from '../engine/job/job-metrics.ts';
import type { OperatorReload } from '../engine/match/carry/carry-report.ts';
import type { Plan } from '../plan/plan.ts';
import type { JobLog } from './job-logs.ts';
import type { ExplanationJson } from './match-explanation/explanation-json.ts';
import type { OpenMatchesJson } from './match-explanation/open-matches-json.ts';
import type { RecentRowQuery } from './recent-row-query.ts';
import type { SavepointRequest, SavepointStatus } from './savepoint-status.ts';
import type { OpenMatchesQuestion } from './worker/open-matches-question.ts';

/**
 * The interface of the service to the HTTP layer. Arguments and results are plain data. Failures
 * are `EngineError`s with codes of `error-codes.ts`; mistakes in SQL are located diagnostics. The
 * service thread never runs a job: each job has its own worker thread.
 */
export interface ServiceApi {
  /**
   * Executes a text completely or not at all. The changes are durable before the call
   * resolves.
   */
  submit(sql: string, options: { readonly settings?: Readonly<Record<string, string>> }): Promise<SubmitResult>;
  jobs(): readonly JobSummary[];
  job(id: string): JobDetail | undefined;
  /** Returns the latest messages about a job since the start of the service. */
  jobLog(id: string): JobLog;
  /**
   * Returns the partial matches of a running job for one key. Reads them between two batches of the
   * job.
   */
  openMatches(id: string, question: OpenMatchesQuestion): Promise<OpenMatchesJson>;
  /**
   * Stops a job after a last checkpoint. Resolves when the job has ended. Keeps the job's
   * checkpoints.
   */
  stopJob(id: string): Promise<JobSummary>;
  /**
   * Restarts an ended job from its newest checkpoint or the named savepoint. Resolves when the job
   * runs or could not start. Does not change a running job. Refuses a savepoint for a running job.
   */
  startJob(id: string, savepoint?: string): Promise<JobSummary>;
  /**
   * Begins a savepoint of a running job. Resolves with its status before the savepoint is complete.
   */
  takeSavepoint(id: string, request: SavepointRequest): Promise<SavepointStatus>;
  /**
   * Returns the savepoints, oldest first. The list includes running savepoints, and savepoints that
   * failed since the service started.
   */
  savepoints(id: string): Promise<readonly SavepointStatus[]>;
  savepoint(id: string, name: string): Promise<SavepointStatus>;
  /**
   * Deletes a savepoint. The job's next checkpoint removes the savepoint's data. The savepoint from
   * which the job would continue cannot be deleted.
   */
  deleteSavepoint(id: string, name: string): Promise<void>;
  /** Deletes a job with its checkpoints and savepoints. Stops the job first if it runs. */
  deleteJob(id: string): Promise<void>;
  /**
   * Sends the job's output rows to the listener until the job ends. Begins with the last rows that
   * the service keeps. The listener must not block. The caller must disconnect a slow consumer.
   */
  follow(id: string, listener: (event: ResultEvent) => void): (() => void) | undefined;
  patterns(): readonly PatternStatus[];
  /** Returns the latest output rows of the jobs for the page, newest last. */
  recentRows(query: RecentRowQuery): RecentRowList;
  /**
   * The last 1,000 submissions that changed something, oldest first. The list includes submissions
   * from before the last start of the service.
   */
  submissions(): readonly SubmissionRecord[];
  health(): Health;
  close(): Promise<void>;
}

export interface SubmitResult {
  readonly statements: readonly StatementResult[];
  readonly warnings: readonly LocatedDiagnostic[];
}

/**
 * The result of a statement. The `job` of a SELECT is a preview, which ends when no client follows
 * it.
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
  /** The origin of the job: `http`, or the name of the pattern. */
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
  /** The last continuation with a changed query; null: none. */
  readonly reload: ReloadStatus | null;
  /** The last 10 continuations with a changed query, oldest first. */
  readonly reloads: readonly ReloadStatus[];
}

/** SQL over HTTP that changed something. It has no text, because a text may contain passwords. */
export interface SubmissionRecord {
  /** Counts up from 1. */
  readonly number: number;
  readonly at: number;
  /** What each statement did: `create table t`, `job x`. */
  readonly statements: readonly string[];
}

/** The effect of a changed query on the state of each stateful operator. */
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
   * Number of rows dropped before these, because the reader was too slow. Never set for a preview.
   */
  readonly dropped?: number;
  readonly state?: JobState;
}

export interface RecentRow {
  /** Growing number, so that a page can request newer rows. */
  readonly sequence: number;
  readonly at: number;
  readonly job: string;
  readonly sink: string;
  /** JSON text `{"op":"+I","row":{…}}`. */
  readonly line: string;
}

export interface RecentRowList {
  /** The newest sequence number of all rows, also of those that are not wanted. */
  readonly latest: number;
  readonly rows: readonly RecentRow[];
}

export interface PatternStatus {
  readonly name: string;
  readonly file: string;
  readonly state: 'running' | 'finished' | 'broken' | 'failed' | 'stopped';
  /** The jobs of the running version. A broken file keeps the jobs of its last good version. */
  readonly jobs: readonly string[];
  readonly title: string;
  readonly changedAt: number;
  /** The problem of the current file: diagnostics, or a failed golden test. */
  readonly diagnostics: readonly LocatedDiagnostic[];
  readonly problem: string | null;
  /** The effect of the last change of the file on the state of each job. */
  readonly reloads: Readonly<Record<string, ReloadStatus>>;
}

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly version: string;
  readonly uptimeMs: number;
  readonly jobs: Readonly<Record<JobState, number>>;
  readonly memory: { readonly rssBytes: number; readonly budgetBytes: number };
  readonly brokenPatterns: readonly string[];
  /** Why the service is not well, apart from its jobs and patterns: its database, for example. */
  readonly problems: readonly string[];
}
