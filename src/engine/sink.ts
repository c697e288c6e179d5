import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for writing, with two-phase commit. Order of calls: `restore` once, then `write` …, at each barrier `prepare`, and `commit` with
 * what `prepare` gave once the checkpoint that holds it is durable. After a crash `restore` gets the prepared value of the checkpoint that
 * is resumed: it finishes that commit (again, if need be) and takes back everything later.
 */
export interface Sink {
  /** Consumes the batch before it returns. */
  write(batch: Batch): void | Promise<void>;
  /** Closes what was written in this epoch. `prepared` must be made durable (fsync) before it resolves; later writes belong to the next epoch. */
  prepare(epoch: number): PreparedEpoch;
  /** Makes the epoch visible. Idempotent. */
  commit(prepared: unknown): Promise<void>;
  /** `prepared`: of the checkpoint that is resumed; null: the job starts afresh. */
  restore(prepared: unknown | null): Promise<void>;
  close(): Promise<void>;
}

export interface PreparedEpoch {
  /** Resolves to plain JSON for the manifest, when all of the epoch's output is durable. Runs in the background. */
  readonly prepared: Promise<unknown>;
}
