import type { Expression } from './expression.ts';
import type { NodeBase } from './plan-node.ts';

/**
 * MATCH_RECOGNIZE. Output fields: the partition columns, then the measures, insert-only. The pattern is the one form that SQL and
 * the recorded CEP cases compile into; the engine's NFA compiler reads nothing else.
 */
export interface MatchNode extends NodeBase {
  readonly kind: 'match';
  readonly input: number;
  readonly partition: readonly number[];
  /** The time attribute first; then the secondary order for rows of equal time. */
  readonly time: { readonly column: number; readonly time: 'rowtime' | 'proctime' };
  readonly order: readonly { readonly column: number; readonly descending: boolean; readonly nullsFirst: boolean }[];
  readonly pattern: PatternSequence;
  /** Condition of each variable over the row under test (`column`) and rows matched so far (`match-navigation`, `match-aggregate`). */
  readonly define: readonly { readonly variable: string; readonly condition: Expression }[];
  readonly measures: readonly Expression[];
  readonly within: { readonly ms: number; readonly type: 'first-and-last' | 'previous-and-current' } | null;
  readonly skip: SkipStrategy;
}

export type SkipStrategy =
  | { readonly kind: 'no-skip' }
  | { readonly kind: 'to-next-row' }
  | { readonly kind: 'past-last-row' }
  /** `failOnMiss`: a match without a row of the variable fails the job (SQL); otherwise it behaves as no-skip (CEP). */
  | { readonly kind: 'to-first' | 'to-last'; readonly variable: string; readonly failOnMiss: boolean };

/** Elements in order; each says how it follows the one before (the first one's `link` is `next` and has no meaning). */
export interface PatternSequence {
  readonly kind: 'sequence';
  readonly elements: readonly PatternElement[];
}

export type PatternElement = PatternVariable | PatternGroup;

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

/**
 * `min`..`max` times (`max` null = no end); `optional` = may be absent altogether (so `*` is min 1, max null, optional);
 * `greedy` as Flink's CEP means it; `inner` is the contiguity between the events of the loop.
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
