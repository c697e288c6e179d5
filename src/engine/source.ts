import type { Batch } from '../batch/batch.ts';

/**
 * The port that connectors implement for reading. A source has splits: parts that are read
 * independently of each other, such as the partitions of a topic. Each has a position and a
 * watermark of its own. Batches come without watermark marks; the engine adds those.
 *
 * Order of calls: `start`, `restore` where the job goes on from a checkpoint, then `splits`, again
 * each time that the source has called `wake`.
 */
export interface Source {
  /** `wake`: to be called when there may be rows or splits that were not there at the last look. */
  start?(wake: () => void): void;
  /** The positions that a checkpoint kept, by the id of the split. */
  restore?(positions: ReadonlyMap<string, unknown>): void;
  /**
   * The splits that there are, in a defined order: where watermarks are equal, they are read in
   * that order. A split that is at its end is forgotten when it is no longer listed.
   */
  splits(): readonly Split[];
  /** Further splits may come, so the input is not at its end when all splits are. */
  readonly growing?: boolean;
  metrics(): SourceMetrics;
  /** Closes the splits, too. */
  close(): void | Promise<void>;
}

/** A part of a source with a position of its own. */
export interface Split {
  /** Unique within the source, and the same in each life of the job; '' where there is only one. */
  readonly id: string;
  /**
   * The next rows, at most `maxRows`; `idle` when nothing is there now but may come, `end` when the
   * split is used up. The batch's memory may be reused at the next call. After `idle` the split is
   * not asked again before its source calls `wake`. Only one call at a time.
   */
  poll(maxRows: number): PollResult | Promise<PollResult>;
  /** Position after the last batch handed out, plain JSON: what a checkpoint keeps. */
  position(): unknown;
  /** Goes to a position before the first `poll`. */
  seek(position: unknown): void;
  /**
   * Bytes that are there and were not read yet: how far the split is behind; null: not known.
   * Looks, so it is not for every batch.
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
