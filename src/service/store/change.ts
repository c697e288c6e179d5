import type { CatalogTable, CatalogView } from '../../compiler/catalog.ts';
import type { ErrorCode } from '../../core/error-codes.ts';
import type { JobDefinition } from '../job-definition.ts';
import type { JobState, ReloadStatus, SubmissionRecord } from '../service-api.ts';

/** A change of what the service knows. The changes of one request take effect together. */
export type Change =
  | { readonly kind: 'catalog'; readonly tables: readonly CatalogTable[]; readonly views: readonly CatalogView[] }
  /** A job that should run. */
  | { readonly kind: 'job'; readonly definition: JobDefinition }
  | { readonly kind: 'job-ended'; readonly id: string; readonly end: JobEnd }
  | { readonly kind: 'job-removed'; readonly id: string }
  /**
   * A pattern's job that a user stopped. The job remains stopped while it has this plan. Null: the
   * job may run again.
   */
  | { readonly kind: 'pattern-stopped'; readonly job: string; readonly plan: string | null }
  /** The text of a pattern that passed its golden test. */
  | { readonly kind: 'pattern-passed'; readonly pattern: string; readonly stamp: string }
  | { readonly kind: 'demo-started'; readonly pattern: string; readonly at: number }
  /** A job continued with a changed query. */
  | { readonly kind: 'reloaded'; readonly job: string; readonly reload: ReloadStatus }
  /** SQL over HTTP that changed something. */
  | { readonly kind: 'submitted'; readonly submission: SubmissionRecord };

export interface JobEnd {
  readonly state: JobState;
  readonly at: number;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
  /** Earlier failures, oldest first; absent in what older versions stored. */
  readonly failures?: readonly { readonly at: number; readonly code: ErrorCode; readonly message: string }[];
}

export interface StoredJob {
  readonly definition: JobDefinition;
  /** Null: the job should run. */
  readonly end: JobEnd | null;
}
