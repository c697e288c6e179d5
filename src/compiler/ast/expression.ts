import type { DataType } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { LiteralJson } from '../../plan/expression.ts';
import type { Query } from './query.ts';

/**
 * A name as written, with its place. `quoted`: the name is in back quotes, so it is never a
 * function without brackets.
 */
export interface Name {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: SourceSpan;
}

/**
 * Scalar expressions as written. Operators are calls under their SQL spelling
 * (`src/functions/scalar-function.ts`).
 */
export type ExpressionAst =
  | ColumnAst
  | StarAst
  | LiteralAst
  | CallAst
  | AggregateFreeLogicAst
  | BetweenAst
  | InListAst
  | CaseAst
  | CastAst
  | FieldAst
  | TimeDifferenceAst
  | SubqueryAst
  | RowListAst;

interface Node {
  readonly span: SourceSpan;
}

/** `a`, `t.a`, `t.a.b`. */
export interface ColumnAst extends Node {
  readonly kind: 'column';
  readonly parts: readonly Name[];
}
/** `t.*`, only in SELECT and COUNT. */
export interface StarAst extends Node {
  readonly kind: 'star';
  readonly qualifier: Name;
}
export interface LiteralAst extends Node {
  readonly kind: 'literal';
  readonly value: LiteralJson;
  readonly type: DataType;
  /** An interval with a minus before its text: INTERVAL -'5' SECOND. */
  readonly negated?: boolean;
}
export interface CallAst extends Node {
  readonly kind: 'call';
  /** Upper case. */
  readonly name: string;
  readonly nameSpan: SourceSpan;
  /** Whether the text has the call as an operator, or with words between its arguments. */
  readonly operator: boolean;
  readonly args: readonly ExpressionAst[];
  readonly star: boolean;
  readonly distinct: boolean;
  readonly filter: ExpressionAst | null;
  /** Clauses after the call. The compiler refuses them or handles them separately. */
  readonly over: SourceSpan | null;
  readonly withinGroup: SourceSpan | null;
  /** ORDER BY in the brackets of the call. */
  readonly argumentOrder: SourceSpan | null;
  /** IGNORE NULLS or RESPECT NULLS. */
  readonly nullTreatment: { readonly ignore: boolean; readonly span: SourceSpan } | null;
  readonly matchMode: 'RUNNING' | 'FINAL' | null;
  /** The result type in the text: JSON_VALUE … RETURNING. */
  readonly returning: DataType | null;
}
export interface AggregateFreeLogicAst extends Node {
  readonly kind: 'and' | 'or' | 'not';
  readonly args: readonly ExpressionAst[];
}
export interface BetweenAst extends Node {
  readonly kind: 'between';
  readonly negated: boolean;
  readonly symmetric: boolean;
  readonly value: ExpressionAst;
  readonly low: ExpressionAst;
  readonly high: ExpressionAst;
}
export interface InListAst extends Node {
  readonly kind: 'in';
  readonly negated: boolean;
  readonly value: ExpressionAst;
  readonly list: readonly ExpressionAst[];
}
export interface CaseAst extends Node {
  readonly kind: 'case';
  readonly subject: ExpressionAst | null;
  readonly branches: readonly { readonly when: ExpressionAst; readonly then: ExpressionAst }[];
  readonly otherwise: ExpressionAst | null;
}
export interface CastAst extends Node {
  readonly kind: 'cast';
  readonly value: ExpressionAst;
  readonly type: DataType;
  readonly onError: 'fail' | 'null';
}
export interface FieldAst extends Node {
  readonly kind: 'field';
  readonly value: ExpressionAst;
  readonly name: Name;
}
/** `(a - b) SECOND`: the difference of two times as an interval. */
export interface TimeDifferenceAst extends Node {
  readonly kind: 'time-difference';
  readonly value: ExpressionAst;
  readonly interval: 'interval-day-time' | 'interval-year-month';
}
/** `EXISTS (query)`, `x IN (query)`, `(query)`. */
export interface SubqueryAst extends Node {
  readonly kind: 'subquery';
  readonly form: 'exists' | 'in' | 'scalar';
  readonly query: Query;
}
/** `(a, b)`: a row in VALUES. */
export interface RowListAst extends Node {
  readonly kind: 'row-list';
  readonly items: readonly ExpressionAst[];
}

export interface OrderItem extends Node {
  readonly expression: ExpressionAst;
  readonly descending: boolean;
  readonly nullsFirst: boolean | null;
}
