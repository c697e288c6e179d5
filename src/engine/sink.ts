import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for writing, with two-phase commit. Order of calls: `restore`
 * once, then `write` …, at each barrier `prepare`, and `commit` with what `prepare` gave once the
 * checkpoint that holds it is durable. After a crash `restore` gets the prepared value of the
 * checkpoint that is resumed: it finishes that commit (again, if need be). Everything later never
 * becomes visible.
 */
export interface Sink {
  /** Consumes the batch before it returns. */
  write(batch: Batch): void | Promise<void>;
  /**
   * Closes what was written in this epoch. `prepared` must be made durable (fsync) before it
   * resolves; later writes belong to the next epoch.
   */
  prepare(epoch: number): PreparedEpoch;
  /** Makes the epoch visible. Idempotent. */
  commit(prepared: unknown): Promise<void>;
  /**
   * What the checkpoint `epoch` that is resumed had prepared: its commit is finished. Fails with
   * CHECKPOINT_CORRUPT when output of a later epoch is visible, since the job would write it again.
   * ([], 0): the job starts afresh. `instance` names this life of the job, from its fresh start
   * over all restores: output of another life is never touched nor overwritten. `process` names the
   * process: there may be another that was taken over and does not know it yet.
   */
  restore(prepared: readonly unknown[], epoch: number, instance: string, process: string): Promise<void>;
  /**
   * A checkpoint of this process is complete. Only now may the sink delete what `restore` found of
   * later epochs: until then an older checkpoint, or another process that has taken the job over,
   * may still need it.
   */
  settle?(): void;
  close(): Promise<void>;
}

export interface PreparedEpoch {
  /**
   * Resolves to plain JSON for the manifest (null: nothing was written), when all of the epoch's
   * output is durable. Runs in the background.
   */
  readonly prepared: Promise<unknown>;
}
