import type { Batch } from '../../batch/batch.ts';
import type { OpenCounts } from './open-counts.ts';
import type { KeptRow, KeyRecord, MatchKeyState, PathNode } from './partial-match.ts';

/**
 * Finds matches in the rows of one key. A matcher is pure: it keeps nothing except the key's state.
 * Therefore tests can compare it with another matcher of the same interface, and `run`, `test` and
 * `explain` share it.
 */
export interface Matcher<State extends KeyRecord = MatchKeyState, Row = RowUnderTest, Found = FoundMatches> {
  /** Returns whether the row begins a match. A key without state ignores all other rows. */
  canStart(row: Row): boolean;
  /**
   * For the `count` rows of the current batch, sets `may[k]` to 0 if the k-th row cannot begin a
   * match, otherwise to 1. Absent: any row may begin a match.
   */
  mayStart?(row: Row, may: Uint8Array, count: number): void;
  /**
   * For the `count` rows of the current batch, sets `numbers[k]` to the number of the k-th row. If
   * the number is below `changeThreshold` of a key's state, and the row begins no match, the row
   * does not change the state. Absent: a row may change any state.
   */
  rowNumbers?(row: Row, numbers: Float64Array, count: number): void;
  changeThreshold?(state: State, row: Row): number;
  /**
   * The matcher calls `FoundMatches.changes` before it changes a state. Otherwise each row counts
   * as a change of the state.
   */
  readonly announcesChanges?: boolean;
  newState(): State;
  /**
   * Offers the next row. The times of a key's rows never decrease. The caller first calls
   * `advanceTime` with the row's time.
   */
  advance(state: State, row: Row, found: Found): void;
  /**
   * Advances the time to `time`. Ends expired partial matches, completes absences, and emits
   * matches that are no longer held back.
   */
  advanceTime(state: State, time: number, found: Found): void;
  /** Returns the earliest time at which `advanceTime` would change the state, or +Infinity. */
  nextDeadline(state: State): number;
  /** Returns whether only the start remains. The key's state can then be removed. */
  isEmpty(state: State): boolean;
  /**
   * Returns the number of path nodes and matches of the state in memory, or more. Their number can
   * grow faster than the number of rows. Absent: it cannot.
   */
  nodesIn?(state: State): number;
  /** Returns the number of open partial matches. */
  openIn(state: State): number;
  /**
   * Drops `count` partial matches of a key with the earliest or the latest first rows. Emits the
   * matches that they held back. Returns the number of dropped partial matches. Absent: not
   * supported.
   */
  drop?(state: State, count: number, which: 'oldest' | 'newest', found: Found): number;
  /** The counts of open partial matches of all keys. Absent if states have no names. */
  readonly open?: OpenCounts;
  /** Returns whether earlier starts hold back complete matches. */
  holdsBack(state: State): boolean;
  /**
   * Returns whether the earliest partial match, which holds back the others, began at 1970-01-01
   * 00:00 or before. Flink sets no timer for such a partial match.
   */
  beganAtTimeZero(state: State): boolean;
}

/** The rows of a sorted batch, one at a time, in the form that the matcher reads. */
export interface BatchCursor {
  /** Starts a batch; its rows are those of `rows` (null = all). */
  begin(batch: Batch, rows: Int32Array | null, count: number): void;
  /** Moves to a physical row of the batch. */
  at(row: number, time: number): void;
  /** Releases the batch. */
  end(): void;
  /** The bytes of the texts and byte strings in the values that were kept so far, approximately. */
  readonly keptBytes: number;
}

/**
 * The time at which partitions end, after the last row of the input. Their timers have this time.
 */
export const END_OF_INPUT = 8_640_000_000_000_000;

/** The offered row. It is copied only when a partial match takes it. */
export interface RowUnderTest {
  readonly time: number;
  /**
   * Evaluates the condition of a variable for this row after the rows of `path`. UNKNOWN counts as
   * false.
   */
  accepts(variable: number, path: PathNode | null): boolean;
  /** Values to keep. */
  keep(): readonly unknown[];
  /**
   * For the first `count` rows, sets `numbers[k]` to -Infinity if the condition of no variable can
   * be true; to a number if only that of `by` can be true, and only after a path whose
   * `changeThreshold` is not larger; otherwise to +Infinity.
   */
  rowNumbers?(variables: readonly number[], by: number, numbers: Float64Array, count: number): void;
  changeThreshold?(variable: number, path: PathNode): number;
  /** The variables with a comparison that gives such a number. */
  readonly comparisons?: readonly number[];
  /** The variables with an equality that finds partial matches. */
  readonly equalities?: readonly number[];
  /**
   * Returns the value that such an equality reads of this row. Undefined: the value is unknown.
   * Null: the value is NULL, or the condition is false for another reason.
   */
  rowValue?(variable: number): unknown;
  /** Returns the value that such an equality reads of a path. */
  pathValue?(variable: number, path: PathNode): unknown;
  /**
   * For the first `count` rows of the batch, sets `may[k]` to 0 if the condition of a variable is
   * false for any earlier rows, otherwise to 1. Absent: not needed.
   */
  mayAccept?(variable: number, may: Uint8Array, count: number): void;
}

/** Receives the results, in Flink's order. `path` ends with the match's last row. */
export interface FoundMatches {
  /** Called before the current state changes. */
  changes?(): void;
  /**
   * Called for a match. `time`: the bound that completed an absence. Absent: the match has the time
   * of the current event, as in Flink.
   */
  match(path: PathNode, time?: number): void;
  /** Called for a partial match that its time bound ended at `time`. */
  timeout(path: PathNode, time: number): void;
  /**
   * Called with a number of partial matches that ended in this way, if their rows are not shown.
   */
  timedOut?(count: number): void;
  /**
   * Called when a row started a partial match. Flink then sets the timer of WITHIN, unless the
   * row's time is 1970-01-01 00:00 or before.
   */
  started(row: KeptRow): void;
}

/** Receives the results of the standard's semantics, in the order of their starts. */
export interface FoundRows {
  standardMatch(match: StandardMatch): void;
  /** WITH UNMATCHED ROWS: called for a row that is in no match. */
  unmatched(row: KeptRow): void;
}

/** A match of the standard's semantics. An empty match has no path. */
export interface StandardMatch {
  readonly path: PathNode | null;
  /** The row at which the match starts. */
  readonly start: KeptRow;
  /** MATCH_NUMBER; null if it is not used. */
  readonly number: number | null;
  /** The time when the match was decided: at a row, at its bound, or at `END_OF_INPUT`. */
  readonly time: number;
  /** The time of the partition's last row so far. */
  readonly lastRowTime: number;
  readonly rows: PartitionRows;
}

/** Rows of a partition by their `sequence`; null if a row is not kept or does not exist. */
export interface PartitionRows {
  at(sequence: number): KeptRow | null;
}
