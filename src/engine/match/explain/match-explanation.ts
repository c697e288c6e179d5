import type { Field } from '../../../core/data-type.ts';
import type { FailedCondition } from './condition-probe.ts';

/** Why there is a match and why there is none, for one key: plain data with internal values. */
export interface MatchExplanation {
  /** The pattern's node in its plan. */
  readonly name: string;
  /** Columns that rows are shown with. */
  readonly fields: readonly Field[];
  /** Variables with their conditions as text, in the order of the pattern. */
  readonly variables: readonly { readonly name: string; readonly condition: string }[];
  readonly withinMs: number | null;
  /** Rows of the key that came in time. */
  readonly rows: number;
  readonly late: readonly LateRow[];
  /** Attempts that began in the time asked for, by their first row. */
  readonly attempts: readonly ExplainedAttempt[];
  /** Rows in that time that began none. */
  readonly notBegun: readonly RowWithoutAttempt[];
  /** Rows, attempts and ways that are left out above, because there are very many. */
  readonly leftOut: { readonly late: number; readonly attempts: number; readonly notBegun: number };
}

export interface ShownRow {
  /** Milliseconds. */
  readonly time: number;
  /** Values of `fields`. */
  readonly values: readonly unknown[];
}
export interface LateRow extends ShownRow {
  readonly watermark: number;
}
export interface RowWithoutAttempt extends ShownRow {
  readonly wanted: readonly Wanted[];
}

/** All that began with one row: there may be several ways to go on. */
export interface ExplainedAttempt {
  readonly first: ShownRow;
  /** Where each way led: matches first, then the furthest. */
  readonly ways: readonly ExplainedWay[];
  readonly moreWays: number;
}

export interface ExplainedWay {
  readonly rows: readonly { readonly variable: string; readonly row: ShownRow }[];
  readonly end: WayEnd;
}

export type WayEnd =
  /**
   * `number`: 1 for the key's first match. `heldBack`: when it was complete, where that was
   * earlier.
   */
  | {
      readonly kind: 'match';
      readonly number: number;
      readonly time: number;
      readonly completeAt: number;
      readonly heldBy: ShownRow | null;
    }
  /** No way on with this row. `strict`: no other row may come between. */
  | { readonly kind: 'ended'; readonly row: ShownRow; readonly wanted: readonly Wanted[]; readonly strict: boolean }
  /** The row belongs to a negated variable. */
  | { readonly kind: 'forbidden'; readonly row: ShownRow; readonly variables: readonly string[] }
  /** Its time bound passed. */
  | { readonly kind: 'expired'; readonly time: number; readonly waitedFor: readonly string[] }
  /** AFTER MATCH of a match dropped it; `complete`: it was a match that was held back. */
  | { readonly kind: 'skipped'; readonly match: number; readonly complete: boolean }
  /** Still open at the end of the input. */
  | { readonly kind: 'open'; readonly waitsFor: readonly string[]; readonly absenceUntil: number | null }
  /** Complete, but held back by an attempt that began earlier and is still open. */
  | { readonly kind: 'held-back'; readonly completeAt: number; readonly heldBy: ShownRow | null };

/** A variable that a row could have been, and what kept it from that. */
export interface Wanted {
  readonly variable: string;
  /** Parts of its condition that do not hold; none where something else forbade it. */
  readonly failed: readonly FailedCondition[];
  /** The row is also one of these: a greedy loop goes on with it, or a loop's end is reached. */
  readonly insteadOf: readonly string[];
}
