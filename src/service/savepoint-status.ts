import type { ErrorCode } from '../core/error-codes.ts';

export interface SavepointRequest {
  /** The name must be unique among the savepoints of the job. The default contains the time. */
  readonly name?: string;
  /** Whether the job ends with the savepoint. */
  readonly stop?: boolean;
  /**
   * Only with `stop`. The job first sends the last watermark, so that windows and absences fire.
   * The job has then finished.
   */
  readonly drain?: boolean;
}

export interface SavepointStatus {
  readonly name: string;
  readonly state: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  /** Number of the checkpoint; null until it is complete. */
  readonly checkpoint: number | null;
  /**
   * Absolute path of its manifest; in a store `s3://bucket/prefix/job#number`; null until it is
   * complete.
   */
  readonly path: string | null;
  /** Milliseconds since 1970 of the manifest or, without one, of the request. */
  readonly at: number;
  readonly stateBytes: number;
  readonly drained: boolean;
  readonly failure: { readonly code: ErrorCode; readonly message: string } | null;
}
