import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for reading. A source has splits: parts that are read
 * independently of each other, such as the partitions of a topic. Each split has its own position
 * and watermark. Batches have no watermark marks; the engine adds them.
 *
 * Order of calls: `start`; `restore` if the job continues from a checkpoint; then `splits`, and
 * again each time the source has called `wake`.
 */
export interface Source {
  /** `wake`: the source calls it when there may be new rows or splits. */
  start?(wake: () => void): void;
  /** The positions that a checkpoint kept, by the id of the split. */
  restore?(positions: ReadonlyMap<string, unknown>): void;
  /**
   * Returns the current splits, in a defined order. Splits with equal watermarks are read in that
   * order. A split that is at its end is forgotten when it is no longer listed.
   */
  splits(): readonly Split[];
  /** Further splits may appear, so the input is not at its end when all splits are. */
  readonly growing?: boolean;
  metrics(): SourceMetrics;
  /** Closes the splits, too. */
  close(): void | Promise<void>;
}

/** A part of a source with its own position. */
export interface Split {
  /** Unique within the source, and the same after each restart; '' if there is only one. */
  readonly id: string;
  /**
   * Returns the next rows, at most `maxRows`. `idle`: there are no rows now, but more may arrive.
   * `end`: the split is at its end. The batch's memory may be reused at the next call. After `idle`
   * the split is not asked again before its source calls `wake`. Only one call at a time.
   */
  poll(maxRows: number): PollResult | Promise<PollResult>;
  /** Returns the position after the last returned batch, as plain JSON. A checkpoint stores it. */
  position(): unknown;
  /** Goes to a position before the first `poll`. */
  seek(position: unknown): void;
  /** Returns where a row of the last batch was read (`file:line`), for an error; null: unknown. */
  placeOf?(row: number): string | null;
  /**
   * Returns the number of available bytes that are not read yet; null: unknown. It accesses the
   * data, so it must not be called for every batch.
   */
  pendingBytes?(): number | null;
}

export type PollResult = Batch | 'idle' | 'end';

export interface SourceMetrics {
  /** Lines or messages that could not be read as rows. */
  readonly malformed: number;
  readonly bytes: number;
}

/** The id of the split of a source that has only one. */
export const ONLY_SPLIT = '';
