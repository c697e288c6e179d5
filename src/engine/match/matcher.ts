import type { Batch } from '../../batch/batch.ts';
import type { OpenCounts } from './open-counts.ts';
import type { KeptRow, KeyRecord, MatchKeyState, PathNode } from './partial-match.ts';

/**
 * Finds matches in the rows of one key. It is pure: all its memory is the key's state. So another
 * matcher can implement the same interface and be tested against it, and run, test and explain
 * share it.
 */
export interface Matcher<State extends KeyRecord = MatchKeyState, Row = RowUnderTest, Found = FoundMatches> {
  /** Whether the row begins a match. A key without state ignores all other rows. */
  canStart(row: Row): boolean;
  /**
   * For the `count` rows of the current batch, sets `may[k]` to 0 if the k-th row cannot begin a
   * match, otherwise to 1. Absent: any row may.
   */
  mayStart?(row: Row, may: Uint8Array, count: number): void;
  /**
   * For the `count` rows of the current batch, sets `wake[k]` to the value of the k-th row: if it
   * is below `wakesAt` of a key's state, and the row begins no match, the row does not change the
   * state. Absent: a row may change any state.
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
   * Time has reached `time`: ends expired partial matches, completes absences, and emits matches
   * that are no longer held back.
   */
  advanceTime(state: State, time: number, found: Found): void;
  /** Earliest time at which `advanceTime` would change something, +Infinity if there is none. */
  nextDeadline(state: State): number;
  /** True when only the start is left: the key's state can be removed. */
  isEmpty(state: State): boolean;
  /** Partial matches that are open. */
  openIn(state: State): number;
  /**
   * Drops `count` partial matches of a key, those with the earliest or the latest first rows, and
   * emits the matches that they held back. Returns how many were dropped. Absent: not supported.
   */
  drop?(state: State, count: number, which: 'oldest' | 'newest', found: Found): number;
  /** Of all keys; absent if states have no names. */
  readonly open?: OpenCounts;
  /** Whether complete matches are held back by earlier starts. */
  holdsBack(state: State): boolean;
  /**
   * Whether the earliest partial match, which holds the others back, began at the epoch or before:
   * Flink sets no timer for it.
   */
  beganAtEpoch(state: State): boolean;
}

/** The rows of a sorted batch, one at a time, in the form that the matcher reads. */
export interface BatchCursor {
  /** Starts a batch; its rows are those of `rows` (null = all). */
  begin(batch: Batch, rows: Int32Array | null, count: number): void;
  /** Moves to a physical row of the batch. */
  at(row: number, time: number): void;
  /** Lets go of the batch. */
  end(): void;
}

/**
 * The time at which partitions end, after the last row of the input; also the time of their timer.
 */
export const END_OF_INPUT = 8_640_000_000_000_000;

/** The offered row. It is copied only when a partial match takes it. */
export interface RowUnderTest {
  readonly time: number;
  /** Condition of a variable on this row, after the rows of `path`; UNKNOWN counts as false. */
  accepts(variable: number, path: PathNode | null): boolean;
  /** Values to keep. */
  keep(): readonly unknown[];
  /**
   * For the first `count` rows, sets `wake[k]` to -Infinity if the condition of no variable can be
   * true; to a number if only that of `by` can be true, and only after a path whose `wakesAt` is
   * not larger; otherwise to +Infinity.
   */
  wakes?(variables: readonly number[], by: number, wake: Float64Array, count: number): void;
  wakesAt?(variable: number, path: PathNode): number;
  /** Variables with such a number. */
  readonly comparisons?: readonly number[];
  /** Variables with an equality by which partial matches are found. */
  readonly equalities?: readonly number[];
  /**
   * The value that such an equality reads of this row; undefined if unknown; null for NULL or if
   * the condition is false anyway.
   */
  rowValue?(variable: number): unknown;
  /** What it reads of a path. */
  pathValue?(variable: number, path: PathNode): unknown;
  /**
   * For the first `count` rows of the batch, sets `may[k]` to 0 if the condition of a variable is
   * false for any earlier rows, otherwise to 1. Absent: not needed.
   */
  mayAccept?(variable: number, may: Uint8Array, count: number): void;
}

/** Receives the results, in Flink's order. `path` ends with the match's last row. */
export interface FoundMatches {
  /** The current state is about to change. */
  changes?(): void;
  match(path: PathNode): void;
  /** A partial match that its time bound ended at `time`. */
  timeout(path: PathNode, time: number): void;
  /**
   * A row started a partial match: then Flink sets the timer of WITHIN, unless the row's time is
   * 1970-01-01 00:00 or before.
   */
  started(row: KeptRow): void;
}

/** Receives the results of the standard's semantics, in the order of their starts. */
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
  /** MATCH_NUMBER; null if it is not used. */
  readonly number: number | null;
  readonly rows: PartitionRows;
}

/** Rows of a partition by their `sequence`; null if a row is not kept or does not exist. */
export interface PartitionRows {
  at(sequence: number): KeptRow | null;
}
