import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst, Name, OrderItem } from './expression.ts';

/** MATCH_RECOGNIZE as written. */
export interface MatchClause {
  readonly partition: readonly ExpressionAst[];
  readonly order: readonly OrderItem[];
  readonly measures: readonly { readonly expression: ExpressionAst; readonly alias: Name }[];
  readonly rowsPerMatch: { readonly all: boolean; readonly showTimeout: boolean; readonly span: SourceSpan } | null;
  readonly skip: SkipAst | null;
  readonly pattern: PatternAst;
  readonly within: { readonly expression: ExpressionAst; readonly perStep: boolean; readonly span: SourceSpan } | null;
  readonly subsets: SourceSpan | null;
  readonly define: readonly { readonly variable: Name; readonly condition: ExpressionAst }[];
  readonly span: SourceSpan;
  /** Span of the word MATCH_RECOGNIZE. */
  readonly headSpan: SourceSpan;
}

export type SkipAst =
  | { readonly kind: 'no-skip'; readonly span: SourceSpan }
  | { readonly kind: 'to-next-row'; readonly span: SourceSpan }
  | { readonly kind: 'past-last-row'; readonly span: SourceSpan }
  | { readonly kind: 'to-first' | 'to-last'; readonly variable: Name; readonly span: SourceSpan };

/** Alternatives of sequences; one alternative is the usual case. */
export interface PatternAst {
  readonly alternatives: readonly PatternSequenceAst[];
  readonly span: SourceSpan;
}
export interface PatternSequenceAst {
  readonly elements: readonly PatternElementAst[];
  readonly span: SourceSpan;
}
export interface PatternElementAst {
  readonly item:
    | { readonly kind: 'variable'; readonly name: Name }
    | { readonly kind: 'group'; readonly pattern: PatternAst | null }
    | { readonly kind: 'permute' | 'exclusion' | 'anchor'; readonly span: SourceSpan };
  readonly link: LinkAst | null;
  readonly quantifier: QuantifierAst | null;
  /** Loop options of the extended level, as written. */
  readonly options: readonly { readonly word: string; readonly span: SourceSpan }[];
  readonly span: SourceSpan;
}
export interface LinkAst {
  readonly negated: boolean;
  readonly kind: 'next' | 'followed-by' | 'followed-by-any';
  readonly span: SourceSpan;
}
/** `min`, `max`: null where nothing is written; `*` is {0,}, `+` {1,}, `?` {0,1}. */
export interface QuantifierAst {
  readonly min: number | null;
  readonly max: number | null;
  readonly bounded: boolean;
  readonly reluctant: boolean;
  readonly span: SourceSpan;
}
