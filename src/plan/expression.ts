import type { DataType } from '../core/data-type.ts';

/**
 * Typed expressions of a plan: plain JSON. Every node has its result type; implicit conversions are
 * explicit `cast`s, so that an evaluator never decides about types.
 */
export type Expression =
  | ColumnExpression
  | LiteralExpression
  | CallExpression
  | CastExpression
  | LogicExpression
  | CaseExpression
  | FieldExpression
  | MatchNavigation
  | MatchAggregate
  | MatchTime
  | MatchClassifier
  | MatchNumber
  | MatchStatus;

/** A column of the input row by position. Inside DEFINE it is the row under test. */
export interface ColumnExpression {
  readonly kind: 'column';
  readonly index: number;
  readonly type: DataType;
}

/**
 * `value` is the JSON form of `literal.ts`: BIGINT and DECIMAL as text, BYTES as base64, NULL as
 * null.
 */
export interface LiteralExpression {
  readonly kind: 'literal';
  readonly value: LiteralJson;
  readonly type: DataType;
}
export type LiteralJson =
  | null
  | boolean
  | number
  | string
  | readonly LiteralJson[]
  | { readonly [key: string]: LiteralJson };

/**
 * A function of the registry (`src/functions`), by its name there. Argument types already fit the
 * signature.
 */
export interface CallExpression {
  readonly kind: 'call';
  readonly function: string;
  readonly args: readonly Expression[];
  readonly type: DataType;
}

/**
 * `onError`: the effect of a value that cannot be converted: it fails the job (`fail`, CAST), or
 * gives NULL (`null`, TRY_CAST).
 */
export interface CastExpression {
  readonly kind: 'cast';
  readonly input: Expression;
  readonly onError: 'fail' | 'null';
  readonly type: DataType;
}

/**
 * Three-valued AND, OR of two or more, NOT of one. The right side of AND is not evaluated where the
 * left is FALSE. The right side of OR is not evaluated where the left is TRUE.
 */
export interface LogicExpression {
  readonly kind: 'and' | 'or' | 'not';
  readonly args: readonly Expression[];
  readonly type: DataType;
}

/**
 * Searched CASE (a simple CASE is lowered to it); COALESCE, IF, NULLIF, IFNULL are lowered to it
 * too. Branches are lazy.
 */
export interface CaseExpression {
  readonly kind: 'case';
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
  readonly otherwise: Expression;
  readonly type: DataType;
  /**
   * Written as IF. Flink does not simplify IF. The compiler needs this; a plan does not have it.
   */
  readonly fromIf?: true;
}

/** Field of a ROW value by position. */
export interface FieldExpression {
  readonly kind: 'field';
  readonly input: Expression;
  readonly index: number;
  readonly type: DataType;
}

/**
 * FIRST/LAST(expr, offset) over the rows of one pattern variable, or of all (`variable: null`); a
 * plain `A.col` is LAST with offset 0. `expression` reads one row of the match input. Out of range
 * gives NULL. Only in DEFINE and MEASURES.
 *
 * `physical`: a number of rows to move in the partition from the row found, inside the match or not
 * (NEXT; negative: PREV). `final`: over all rows of the match, also where ALL ROWS PER MATCH shows
 * an earlier one. The variable may be a SUBSET's name.
 */
export interface MatchNavigation {
  readonly kind: 'match-navigation';
  readonly variable: string | null;
  readonly direction: 'first' | 'last';
  readonly offset: number;
  readonly physical?: number;
  readonly final?: true;
  readonly expression: Expression;
  readonly type: DataType;
}

/** An aggregate over the rows of one variable or of all. Only in DEFINE and MEASURES. */
export interface MatchAggregate {
  readonly kind: 'match-aggregate';
  readonly variable: string | null;
  readonly final?: true;
  readonly call: AggregateCall;
  readonly type: DataType;
}

/** MATCH_ROWTIME() and MATCH_PROCTIME(). Only in MEASURES. */
export interface MatchTime {
  readonly kind: 'match-time';
  readonly time: 'rowtime' | 'proctime';
  readonly type: DataType;
}

/**
 * The variable to which the row of a `match-navigation` or `match-aggregate` is bound, as text.
 * NULL for a row outside the match. CLASSIFIER() is the LAST of this expression over all rows.
 * CLASSIFIER(U) is its LAST over the rows of U.
 */
export interface MatchClassifier {
  readonly kind: 'match-classifier';
  readonly type: DataType;
}

/** MATCH_NUMBER(): 1 for the first match of a partition. */
export interface MatchNumber {
  readonly kind: 'match-number';
  readonly type: DataType;
}

/** MATCH_STATUS(): 'MATCH', or 'TIMEOUT' for a partial match that was ended by its time bound. */
export interface MatchStatus {
  readonly kind: 'match-status';
  readonly type: DataType;
}

/** The expressions that only MATCH_RECOGNIZE has. */
export type MatchExpression =
  | MatchNavigation
  | MatchAggregate
  | MatchTime
  | MatchClassifier
  | MatchNumber
  | MatchStatus;

/**
 * An aggregate of the registry (`src/functions/aggregates`), by its name there, e.g. `COUNT` with
 * no argument for COUNT(*).
 */
export interface AggregateCall {
  readonly function: string;
  readonly args: readonly Expression[];
  readonly distinct: boolean;
  readonly filter?: Expression;
  readonly type: DataType;
}
