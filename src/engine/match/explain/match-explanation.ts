import type { Field } from '../../../core/data-type.ts';
import type { FailedCondition } from './conjunct-probe.ts';

/** Explains the matches and failed attempts of one key. It is plain data with internal values. */
export interface MatchExplanation {
  /** The pattern's node in its plan. */
  readonly name: string;
  /** The displayed columns of rows. */
  readonly fields: readonly Field[];
  /** The variables with their conditions as text, in the order of the pattern. */
  readonly variables: readonly { readonly name: string; readonly condition: string }[];
  readonly withinMs: number | null;
  /** The number of rows of the key that were not late. */
  readonly rows: number;
  readonly late: readonly LateRow[];
  /** The attempts that began in the requested time, sorted by their first row. */
  readonly attempts: readonly ExplainedAttempt[];
  /** The rows in that time that began no attempt. */
  readonly notBegun: readonly RowWithoutAttempt[];
  /** The numbers of rows and attempts that exceed the limits of the lists. */
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

/** All partial matches that began with one row. */
export interface ExplainedAttempt {
  readonly first: ShownRow;
  /** The end of each way: first the matches, then the other ways by their number of rows. */
  readonly ways: readonly ExplainedWay[];
  readonly moreWays: number;
}

export interface ExplainedWay {
  readonly rows: readonly { readonly variable: string; readonly row: ShownRow }[];
  readonly end: WayEnd;
}

export type WayEnd =
  /**
   * `number`: 1 for the key's first match. `completeAt`: when the match was complete.
   */
  | {
      readonly kind: 'match';
      readonly number: number;
      readonly time: number;
      readonly completeAt: number;
      readonly heldBy: ShownRow | null;
    }
  /** The row cannot continue the attempt. `strict`: no other row may be between. */
  | { readonly kind: 'ended'; readonly row: ShownRow; readonly wanted: readonly Wanted[]; readonly strict: boolean }
  /** The row belongs to a negated variable. */
  | { readonly kind: 'forbidden'; readonly row: ShownRow; readonly variables: readonly string[] }
  /** Its time bound passed. */
  | { readonly kind: 'expired'; readonly time: number; readonly waitedFor: readonly string[] }
  /**
   * AFTER MATCH of another match dropped it. `complete`: it was a complete match that was held
   * back.
   */
  | { readonly kind: 'skipped'; readonly match: number; readonly complete: boolean }
  /** Still open at the end of the input. */
  | { readonly kind: 'open'; readonly waitsFor: readonly string[]; readonly absenceUntil: number | null }
  /** Complete, but held back by an earlier attempt that is still open. */
  | { readonly kind: 'held-back'; readonly completeAt: number; readonly heldBy: ShownRow | null };

/** A variable that the row could have had, and why it does not. */
export interface Wanted {
  readonly variable: string;
  /** The parts of its condition that are not TRUE; empty if there is another reason. */
  readonly failed: readonly FailedCondition[];
  /** The row also matches these variables: a greedy loop continues with it, or it ends a loop. */
  readonly insteadOf: readonly string[];
}
