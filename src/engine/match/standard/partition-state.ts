import type { PartitionRows } from '../matcher.ts';
import type { KeyRecord, PathNode } from '../partial-match.ts';
import type { PartitionRow } from './partition-row.ts';
import type { ThreadChains } from './row-chain.ts';

/**
 * An open path through the pattern: its position, and the rows that it took. It is immutable.
 */
export interface Thread {
  /** The position of a `take`, or of an `end` that waits for the end of the partition. */
  readonly at: number;
  readonly path: PathNode | null;
  /** By chain that conditions read. */
  readonly chains: ThreadChains;
  /** The values that later conditions read of the chains; '' if they read none. */
  readonly key: string;
}

/** The best match of an attempt so far. An empty match has no path. */
export interface Found {
  readonly path: PathNode | null;
}

/**
 * The state of a partition. Attempts run one after the other. An attempt begins at `start` and
 * reads the rows from there on. When it is decided, the next one begins at the row that AFTER MATCH
 * determines. The state keeps the rows from the start of the attempt on, and the rows before it
 * that PREV reads.
 */
export class PartitionState implements KeyRecord, PartitionRows {
  matches = 0;
  exactDeadline = Number.NEGATIVE_INFINITY;
  cleanupDeadline = Number.NEGATIVE_INFINITY;
  awaitsEnd = false;
  /** The kept rows; `rows[i].sequence` is `base + i`. */
  rows: PartitionRow[] = [];
  base = 0;
  /** The first row of the current attempt. It may not have arrived yet. */
  start = 0;
  /** The next row for its threads. */
  cursor = 0;
  /** The attempt's threads have been created. */
  begun = false;
  /** The threads in order of preference. All are preferred to `best`. */
  threads: Thread[] = [];
  best: Found | null = null;
  /** All rows before this one are in a match or were passed. */
  matchedTo = 0;
  /**
   * The current attempt cannot read rows from this time on; +Infinity: no limit. It is set before
   * each evaluation.
   */
  horizon = Number.POSITIVE_INFINITY;

  /** The number of rows that have arrived. */
  get end(): number {
    return this.base + this.rows.length;
  }

  /** Returns a kept row before the horizon, or null. */
  at(sequence: number): PartitionRow | null {
    const row = this.rows[sequence - this.base];
    return row === undefined || row.time >= this.horizon ? null : row;
  }

  /** Removes the rows before `sequence`, several at a time. */
  forget(sequence: number): void {
    const count = Math.min(sequence - this.base, this.rows.length);
    if (count <= 0 || (count < this.rows.length && count < FORGET_AT_ONCE)) return;
    if (count === this.rows.length) this.rows = [];
    else this.rows.splice(0, count);
    this.base += count;
  }
}

const FORGET_AT_ONCE = 16;
