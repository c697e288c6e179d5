import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for reading. A source gives batches without watermark marks;
 * the engine adds those.
 */
export interface Source {
  /**
   * The next rows, at most `maxRows`; `idle` when nothing is there now but may come, `end` when the
   * input is used up. The batch's memory may be reused at the next call. Reading does not wait for
   * rows: the engine asks again.
   */
  poll(maxRows: number): PollResult | Promise<PollResult>;
  /** Position after the last batch handed out, plain JSON: what a checkpoint keeps. */
  position(): unknown;
  /** Goes to a position before the first `poll`. */
  seek(position: unknown): void | Promise<void>;
  metrics(): SourceMetrics;
  /**
   * Bytes that are there and were not read yet: how far the source is behind; null: not known.
   * Looks, so it is not for every batch.
   */
  pendingBytes?(): number | null;
  close(): void | Promise<void>;
}

export type PollResult = Batch | 'idle' | 'end';

export interface SourceMetrics {
  /** Lines or messages that could not be read as rows. */
  readonly malformed: number;
  readonly bytes: number;
}
