import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst, Name, OrderItem } from './expression.ts';

/** MATCH_RECOGNIZE as written. */
export interface MatchClause {
  readonly partition: readonly ExpressionAst[];
  readonly order: readonly OrderItem[];
  readonly measures: readonly { readonly expression: ExpressionAst; readonly alias: Name }[];
  readonly rowsPerMatch: RowsPerMatchAst | null;
  readonly skip: SkipAst | null;
  readonly pattern: PatternAst;
  readonly within: { readonly expression: ExpressionAst; readonly perStep: boolean; readonly span: SourceSpan } | null;
  readonly subsets: readonly SubsetAst[];
  readonly define: readonly { readonly variable: Name; readonly condition: ExpressionAst }[];
  readonly span: SourceSpan;
  /** Span of the word MATCH_RECOGNIZE. */
  readonly headSpan: SourceSpan;
}

/** `option`: SHOW TIMEOUT MATCHES, SHOW EMPTY MATCHES, OMIT EMPTY MATCHES, WITH UNMATCHED ROWS. */
export interface RowsPerMatchAst {
  readonly all: boolean;
  readonly option: 'show-timeout' | 'show-empty' | 'omit-empty' | 'with-unmatched' | null;
  readonly span: SourceSpan;
}

export interface SubsetAst {
  readonly name: Name;
  readonly members: readonly Name[];
  readonly span: SourceSpan;
}

export type SkipAst =
  | { readonly kind: 'no-skip'; readonly span: SourceSpan }
  | { readonly kind: 'to-next-row'; readonly span: SourceSpan }
  | { readonly kind: 'past-last-row'; readonly span: SourceSpan }
  | { readonly kind: 'to-first' | 'to-last'; readonly variable: Name; readonly span: SourceSpan };

/** The alternatives of a pattern. Each is a sequence. Usually there is one. */
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
    /** `()` has no pattern. */
    | { readonly kind: 'group'; readonly pattern: PatternAst | null }
    | { readonly kind: 'permute'; readonly members: readonly PatternAst[] }
    | { readonly kind: 'exclusion'; readonly pattern: PatternAst }
    | { readonly kind: 'anchor'; readonly at: 'start' | 'end' };
  readonly link: LinkAst | null;
  readonly quantifier: QuantifierAst | null;
  readonly options: readonly LoopOptionAst[];
  readonly span: SourceSpan;
}
/** Words after a loop. They are part of the extended level only. */
export type LoopOptionAst =
  | { readonly kind: 'consecutive' | 'relaxed' | 'combinations'; readonly span: SourceSpan }
  | { readonly kind: 'until'; readonly variable: Name; readonly span: SourceSpan }
  | { readonly kind: 'within'; readonly interval: ExpressionAst; readonly span: SourceSpan };

export interface LinkAst {
  readonly negated: boolean;
  readonly kind: 'next' | 'followed-by' | 'followed-by-any';
  readonly span: SourceSpan;
}
/** `min`, `max`: null if not written; `*` is {0,}, `+` {1,}, `?` {0,1}. */
export interface QuantifierAst {
  readonly min: number | null;
  readonly max: number | null;
  readonly bounded: boolean;
  readonly reluctant: boolean;
  readonly span: SourceSpan;
}
