import type { CodePointSet } from './code-point-set.ts';

export type RepeatMode = 'greedy' | 'reluctant' | 'possessive';

export type Assertion =
  | 'begin'
  | 'end'
  | 'line-begin'
  | 'line-end'
  | 'last-line-end'
  | 'unix-line-begin'
  | 'unix-line-end'
  | 'unix-last-line-end'
  | 'word-boundary'
  | 'no-word-boundary'
  | 'unicode-word-boundary'
  | 'no-unicode-word-boundary'
  | 'last-match-end';

export interface Look {
  readonly kind: 'look';
  readonly behind: boolean;
  readonly negative: boolean;
  readonly body: PatternNode;
  /** A look-behind of a pattern with characters outside the BMP counts code points. */
  readonly supplementary: boolean;
  /** How far a look-behind goes back at least and at most. */
  readonly min: number;
  readonly max: number;
}

export interface Group {
  readonly kind: 'group';
  readonly body: PatternNode;
  /** The number of a capturing group, from 1; 0 for a group that does not capture. */
  readonly capture: number;
}

export interface Repeat {
  readonly kind: 'repeat';
  readonly body: PatternNode;
  readonly min: number;
  /** Infinity for no limit. */
  readonly max: number;
  readonly mode: RepeatMode;
}

export type PatternNode =
  | { readonly kind: 'character'; readonly set: CodePointSet }
  | { readonly kind: 'sequence'; readonly nodes: readonly PatternNode[] }
  | { readonly kind: 'alternatives'; readonly branches: readonly PatternNode[] }
  | { readonly kind: 'atomic'; readonly body: PatternNode }
  | { readonly kind: 'assertion'; readonly assertion: Assertion }
  | { readonly kind: 'reference'; readonly group: number; readonly ignoreCase: 'no' | 'ascii' | 'unicode' }
  /** `\R` */
  | { readonly kind: 'line-break' }
  /** `\X` */
  | { readonly kind: 'grapheme' }
  | Group
  | Repeat
  | Look;

export interface ParsedPattern {
  readonly root: PatternNode;
  /** The number of capturing groups. */
  readonly groups: number;
  /** True if a search begins only at whole code points. Java decides that by the classes. */
  readonly wholeCodePoints: boolean;
}
