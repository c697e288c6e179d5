import type { Batch } from '../../batch/batch.ts';
import type { OpenCounts } from './open-counts.ts';
import type { KeptRow, KeyRecord, MatchKeyState, PathNode } from './partial-match.ts';

/**
 * Finds matches in the rows of one key. Pure: everything it remembers is in the key's state, so
 * that another matcher can stand behind the same interface, be tested against it, and serve run,
 * test and explain alike.
 */
export interface Matcher<State extends KeyRecord = MatchKeyState, Row = RowUnderTest, Found = FoundMatches> {
  /** Whether the row begins a match. A key without state has nothing to do with any other row. */
  canStart(row: Row): boolean;
  /**
   * Of the `count` rows of the batch at hand, sets `may[k]` to 0 where the k-th certainly begins no
   * match, otherwise to 1. Left out: any may.
   */
  mayStart?(row: Row, may: Uint8Array, count: number): void;
  /**
   * Of the `count` rows of the batch at hand, sets `wake[k]` to how much the k-th could move: it
   * leaves a key as it is, unless it begins a match, where that is less than what `wakesAt` says of
   * the key's state. Left out: a row may change anything.
   */
  wakes?(row: Row, wake: Float64Array, count: number): void;
  wakesAt?(state: State, row: Row): number;
  /**
   * It calls `FoundMatches.changes` before it changes a state; otherwise a state counts as changed
   * by each row.
   */
  readonly announcesChanges?: boolean;
  newState(): State;
  /**
   * Offers the next row. Rows of a key come with times that never decrease, after `advanceTime` to
   * that time.
   */
  advance(state: State, row: Row, found: Found): void;
  /**
   * Time has reached `time`: ends what has passed its bound, completes absences, lets go of matches
   * that this frees.
   */
  advanceTime(state: State, time: number, found: Found): void;
  /** Earliest time at which `advanceTime` would change something, +Infinity if there is none. */
  nextDeadline(state: State): number;
  /** True when nothing but the start is left: the key's state can go. */
  isEmpty(state: State): boolean;
  /** Partial matches that are open. */
  openIn(state: State): number;
  /**
   * Lets go of `count` partial matches of a key, those with the earliest or the latest first rows;
   * what they held back comes out. Returns how many went. Left out: cannot.
   */
  drop?(state: State, count: number, which: 'oldest' | 'newest', found: Found): number;
  /** Of all keys; left out where states have no names. */
  readonly open?: OpenCounts;
  /** Whether complete matches are held back by earlier starts. */
  holdsBack(state: State): boolean;
  /**
   * Whether the earliest partial match, which holds the others back, began at the epoch or before:
   * Flink sets no timer for it.
   */
  beganAtEpoch(state: State): boolean;
}

/** The rows of a sorted batch, one at a time, as the matcher looks at them. */
export interface BatchCursor {
  /** Starts on a batch; its rows in question are those of `rows` (null = all). */
  begin(batch: Batch, rows: Int32Array | null, count: number): void;
  /** Moves to a physical row of the batch. */
  at(row: number, time: number): void;
  /** Lets go of the batch. */
  end(): void;
}

/**
 * The time at which partitions end, after the last row of the input; as a deadline: to be looked at
 * then.
 */
export const END_OF_INPUT = 8_640_000_000_000_000;

/** The row offered. It is kept, that is copied, only when a partial match takes it. */
export interface RowUnderTest {
  readonly time: number;
  /** Condition of a variable on this row, after the rows of `path`; UNKNOWN counts as false. */
  accepts(variable: number, path: PathNode | null): boolean;
  /** Values to keep. */
  keep(): readonly unknown[];
  /**
   * Of the first `count` rows, sets `wake[k]` to -Infinity where the conditions of none of the
   * variables can hold, to a number where only that of `by` can, and only after a path of which
   * `wakesAt` says no more than that; otherwise to +Infinity.
   */
  wakes?(variables: readonly number[], by: number, wake: Float64Array, count: number): void;
  wakesAt?(variable: number, path: PathNode): number;
  /** Variables with such a number. */
  readonly comparisons?: readonly number[];
  /** Variables by whose equality with a value taken before partial matches are found. */
  readonly equalities?: readonly number[];
  /**
   * What such an equality reads of this row; undefined where that cannot be said, null for NULL and
   * where the condition fails anyway.
   */
  rowValue?(variable: number): unknown;
  /** What it reads of a path. */
  pathValue?(variable: number, path: PathNode): unknown;
  /**
   * Of the first `count` rows of the batch, sets `may[k]` to 0 where the condition of a variable
   * fails whatever was matched before, otherwise to 1. Left out: nobody asks.
   */
  mayAccept?(variable: number, may: Uint8Array, count: number): void;
}

/** Where results go, in Flink's order. `path` ends with the match's last row. */
export interface FoundMatches {
  /** The state at hand is about to change. */
  changes?(): void;
  match(path: PathNode): void;
  /** A partial match that its time bound ended at `time`. */
  timeout(path: PathNode, time: number): void;
  /**
   * A row started a partial match: Flink sets the timer of WITHIN then, unless the row's time is
   * the epoch or before.
   */
  started(row: KeptRow): void;
}

/** Where results of the standard's semantics go, in the order of their starts. */
export interface FoundRows {
  standardMatch(match: StandardMatch): void;
  /** WITH UNMATCHED ROWS: a row that is in no match. */
  unmatched(row: KeptRow): void;
}

/** A match of the standard's semantics; an empty one has no path. */
export interface StandardMatch {
  readonly path: PathNode | null;
  /** The row that the match starts at. */
  readonly start: KeptRow;
  /** MATCH_NUMBER; null where it is not asked for. */
  readonly number: number | null;
  readonly rows: PartitionRows;
}

/** Rows of a partition by their `sequence`, as far as they are kept; null where there is none. */
export interface PartitionRows {
  at(sequence: number): KeptRow | null;
}
