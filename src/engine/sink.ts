import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for writing, with two-phase commit. Order of calls: `restore`
 * once, then `write` …, and `prepare` at each barrier. `commit` gets the result of `prepare` when
 * the checkpoint that contains it is durable. After a crash `restore` gets the prepared value of
 * the resumed checkpoint and finishes that commit (again, if necessary). Later output never becomes
 * visible.
 */
export interface Sink {
  /** Consumes the batch before it returns. */
  write(batch: Batch): void | Promise<void>;
  /**
   * Closes the output of this epoch. The output must be durable (fsync) before `prepared` resolves.
   * Later writes belong to the next epoch.
   */
  prepare(epoch: number): PreparedEpoch;
  /** Makes the epoch visible. Idempotent. */
  commit(prepared: unknown): Promise<void>;
  /**
   * Finishes the commit of the resumed checkpoint `epoch`, with the output that it had prepared.
   * Fails with CHECKPOINT_CORRUPT if output of a later epoch is visible, because the job would
   * write it again. ([], 0): the job starts fresh. `instance` names the history of the job since
   * its last fresh start. Output of another instance is never changed or overwritten. `process`
   * names the process. Another process may still run after this one has taken over the job.
   */
  restore(prepared: readonly unknown[], epoch: number, instance: string, process: string): Promise<void>;
  /**
   * Called when a checkpoint of this process is complete. Only now may the sink delete the output
   * of later epochs that `restore` found. Until then an older checkpoint, or another process that
   * has taken the job over, may still need it.
   */
  settle?(): void;
  close(): Promise<void>;
}

export interface PreparedEpoch {
  /**
   * Resolves to plain JSON for the manifest (null: no output was written) when all of the epoch's
   * output is durable. Runs in the background.
   */
  readonly prepared: Promise<unknown>;
}
