import type { PartitionRows } from '../matcher.ts';
import type { KeyRecord, PathNode } from '../partial-match.ts';
import type { PartitionRow } from './partition-row.ts';
import type { ThreadChains } from './row-chain.ts';

/**
 * A way through the pattern that is still open: its position, and the rows it took. Immutable.
 */
export interface Thread {
  /** A `take`, or an `end` that waits for the end of the partition. */
  readonly at: number;
  readonly path: PathNode | null;
  /** By chain of the conditions' reads. */
  readonly chains: ThreadChains;
  /** What conditions ahead see of the chains; '' where they see nothing. */
  readonly key: string;
}

/** What an attempt has found so far. An empty match has no path. */
export interface Found {
  readonly path: PathNode | null;
}

/**
 * What is kept of a partition. Attempts come one after the other: each begins at `start`, is fed
 * the rows from there on, and when it is decided the next one begins where AFTER MATCH says. Rows
 * are kept from the start of the attempt on, and so many before it as PREV reads.
 */
export class PartitionState implements KeyRecord, PartitionRows {
  matches = 0;
  exactDeadline = Number.NEGATIVE_INFINITY;
  cleanupDeadline = Number.NEGATIVE_INFINITY;
  awaitsEnd = false;
  /** Kept rows; `rows[i].sequence` is `base + i`. */
  rows: PartitionRow[] = [];
  base = 0;
  /** First row of the attempt under way, which may not have come yet. */
  start = 0;
  /** The next row to be offered to its threads. */
  cursor = 0;
  /** The attempt's threads have been set up. */
  begun = false;
  /** In order of preference; all are preferred to `best`. */
  threads: Thread[] = [];
  best: Found | null = null;
  /** Rows before this one are in a match or behind us. */
  matchedTo = 0;
  /**
   * Rows from this time on are out of sight of the attempt under way; +Infinity: none. Set before
   * anything is evaluated.
   */
  horizon = Number.POSITIVE_INFINITY;

  /** Rows that have come so far. */
  get end(): number {
    return this.base + this.rows.length;
  }

  /** A row that has come and is kept and in sight. */
  at(sequence: number): PartitionRow | null {
    const row = this.rows[sequence - this.base];
    return row === undefined || row.time >= this.horizon ? null : row;
  }

  /** Forgets the rows before `sequence`; several at a time. */
  forget(sequence: number): void {
    const count = Math.min(sequence - this.base, this.rows.length);
    if (count <= 0 || (count < this.rows.length && count < FORGET_AT_ONCE)) return;
    if (count === this.rows.length) this.rows = [];
    else this.rows.splice(0, count);
    this.base += count;
  }
}

const FORGET_AT_ONCE = 16;
