import type { Expression } from './expression.ts';
import type { NodeBase } from './nodes/node-definition.ts';

/**
 * MATCH_RECOGNIZE, insert-only. SQL and the recorded CEP cases compile into this one form of a
 * pattern. The engine's two matchers read only this form.
 */
export interface MatchOperation {
  readonly kind: 'match';
  readonly partition: readonly number[];
  /** The time attribute, then the secondary order for rows of equal time. */
  readonly time: { readonly column: number; readonly time: 'rowtime' | 'proctime' };
  readonly order: readonly { readonly column: number; readonly descending: boolean; readonly nullsFirst: boolean }[];
  /** The way of matching: Flink's automaton, or the order of preference of the SQL standard. */
  readonly semantics: 'flink' | 'standard';
  readonly pattern: PatternSequence;
  /** SUBSET: a name for the rows of several variables. */
  readonly subsets: readonly { readonly name: string; readonly members: readonly string[] }[];
  /**
   * Condition of each variable over the row under test (`column`) and rows matched so far
   * (`match-navigation`, `match-aggregate`).
   */
  readonly define: readonly { readonly variable: string; readonly condition: Expression }[];
  readonly measures: readonly Expression[];
  readonly rows: MatchRows;
  /**
   * One for each field: a column of the shown row, or a measure. In ONE ROW PER MATCH the columns
   * are only partition columns.
   */
  readonly outputs: readonly MatchOutput[];
  readonly within: { readonly ms: number; readonly type: 'first-and-last' | 'previous-and-current' } | null;
  readonly skip: SkipStrategy;
}
export interface MatchNode extends NodeBase, MatchOperation {}

/**
 * ONE ROW PER MATCH shows one row for each match. With `timeouts` it also shows one for each
 * partial match that its time bound ended (Flink's semantics). ALL ROWS PER MATCH shows a row for
 * each row of a match. `empty` and `unmatched` exist only in the standard's semantics: they say
 * whether empty matches show the row at which they start, and whether rows of no match are shown.
 */
export type MatchRows =
  | { readonly kind: 'one'; readonly timeouts: boolean }
  | { readonly kind: 'all'; readonly empty: 'show' | 'omit'; readonly unmatched: boolean };

export type MatchOutput = { readonly column: number } | { readonly measure: number };

export type SkipStrategy =
  | { readonly kind: 'no-skip' }
  | { readonly kind: 'to-next-row' }
  | { readonly kind: 'past-last-row' }
  /**
   * `failOnMiss`: a match without a row of the variable fails the job (SQL); otherwise it behaves
   * as no-skip (CEP).
   */
  | { readonly kind: 'to-first' | 'to-last'; readonly variable: string; readonly failOnMiss: boolean };

/**
 * The elements in order. Each says how it follows the element before. The `link` of the first one
 * is `next` and has no meaning.
 */
export interface PatternSequence {
  readonly kind: 'sequence';
  readonly elements: readonly PatternElement[];
}

/**
 * Both semantics have variables and groups. Only the standard's semantics has the other kinds.
 * There links and inner contiguity are always strict.
 */
export type PatternElement =
  | PatternVariable
  | PatternGroup
  | PatternAlternation
  | PatternPermutation
  | PatternExclusion
  | PatternAnchor;

export type PatternLink = 'next' | 'followed-by' | 'followed-by-any' | 'not-next' | 'not-followed-by';

export interface PatternVariable {
  readonly kind: 'variable';
  readonly variable: string;
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}
export interface PatternGroup {
  readonly kind: 'group';
  readonly sequence: PatternSequence;
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}

/** The alternatives in order of preference; one may be empty. */
export interface PatternAlternation {
  readonly kind: 'alternation';
  readonly alternatives: readonly PatternSequence[];
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}
/** PERMUTE: all members, in any order; orders are preferred lexicographically by position. */
export interface PatternPermutation {
  readonly kind: 'permutation';
  readonly members: readonly PatternSequence[];
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}
/** `{- … -}`: rows that match but are not shown in ALL ROWS PER MATCH. */
export interface PatternExclusion {
  readonly kind: 'exclusion';
  readonly sequence: PatternSequence;
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}
/** `^`, `$`: before the first row of the partition, after its last. */
export interface PatternAnchor {
  readonly kind: 'anchor';
  readonly at: 'start' | 'end';
  readonly link: PatternLink;
  readonly quantifier: Quantifier;
}

/**
 * Repeats an element `min`..`max` times (`max` null: no end). `optional`: the element may be
 * absent, so `*` is min 1, max null, optional. `greedy` has the meaning of Flink's CEP. `inner` is
 * the contiguity between the events of the loop. In the standard's semantics `min` may be 0,
 * `optional` is never set, and `greedy` = the matcher prefers more rounds to fewer (also for `?`
 * and {n}).
 */
export interface Quantifier {
  readonly min: number;
  readonly max: number | null;
  readonly optional: boolean;
  readonly greedy: boolean;
  readonly inner: 'consecutive' | 'relaxed' | 'combinations';
  /** Name of the variable (or condition) that ends the loop. */
  readonly until?: string;
  /** Largest gap between two events of the loop, exclusive, milliseconds. */
  readonly gapMs?: number;
}

export const ONCE: Quantifier = { min: 1, max: 1, optional: false, greedy: false, inner: 'consecutive' };
