import type { KeptRow, MatchKeyState, PathNode } from './partial-match.ts';

/**
 * Finds matches in the rows of one key. Pure: everything it remembers is in the key's state, so that another matcher can stand behind the
 * same interface, be tested against it, and serve run, test and explain alike.
 */
export interface Matcher {
  /** Whether the row begins a match. A key without state has nothing to do with any other row. */
  canStart(row: RowUnderTest): boolean;
  newState(): MatchKeyState;
  /** Offers the next row. Rows of a key come with times that never decrease, after `advanceTime` to that time. */
  advance(state: MatchKeyState, row: RowUnderTest, found: FoundMatches): void;
  /** Time has reached `time`: ends what has passed its bound, completes absences, lets go of matches that this frees. */
  advanceTime(state: MatchKeyState, time: number, found: FoundMatches): void;
  /** Earliest time at which `advanceTime` would change something, +Infinity if there is none. */
  nextDeadline(state: MatchKeyState): number;
  /** True when nothing but the start is left: the key's state can go. */
  isEmpty(state: MatchKeyState): boolean;
}

/** The row offered. It is kept, that is copied, only when a partial match takes it. */
export interface RowUnderTest {
  readonly time: number;
  /** Condition of a variable on this row, after the rows of `path`; UNKNOWN counts as false. */
  accepts(variable: number, path: PathNode | null): boolean;
  /** Values to keep. */
  keep(): readonly unknown[];
}

/** Where results go, in Flink's order. `path` ends with the match's last row. */
export interface FoundMatches {
  match(path: PathNode): void;
  /** A partial match that its time bound ended at `time`. */
  timeout(path: PathNode, time: number): void;
  /** A row started a partial match: Flink sets the timer of WITHIN then, unless the row's time is the epoch or before. */
  started(row: KeptRow): void;
}
