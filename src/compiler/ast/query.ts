import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst, Name, OrderItem } from './expression.ts';
import type { MatchClause } from './match.ts';

/** `WITH … body ORDER BY … LIMIT …`. */
export interface Query {
  readonly common: readonly CommonTable[];
  readonly recursive: SourceSpan | null;
  readonly body: QueryBody;
  readonly orderBy: { readonly items: readonly OrderItem[]; readonly span: SourceSpan } | null;
  readonly limit: Limit | null;
  readonly span: SourceSpan;
}
/**
 * Skips `offset` rows and keeps the next `count` rows. `all`: LIMIT ALL. Null: the text gives no
 * number.
 */
export interface Limit {
  readonly count: number | 'all' | null;
  readonly offset: number;
  readonly span: SourceSpan;
}
export interface CommonTable {
  readonly name: Name;
  readonly columns: readonly Name[] | null;
  readonly query: Query;
}

export type QueryBody = Select | Values | SetOperation | NestedQuery;

/** A chain of set operations from left to right: the first operand, then (operator, operand). */
export interface SetOperation {
  readonly kind: 'set-operation';
  readonly first: QueryBody;
  readonly rest: readonly {
    readonly operator: 'UNION' | 'INTERSECT' | 'EXCEPT' | 'MINUS';
    readonly all: boolean;
    readonly operatorSpan: SourceSpan;
    readonly body: QueryBody;
  }[];
  readonly span: SourceSpan;
}
export interface NestedQuery {
  readonly kind: 'nested';
  readonly query: Query;
  readonly span: SourceSpan;
}
export interface Values {
  readonly kind: 'values';
  readonly rows: readonly ExpressionAst[];
  readonly span: SourceSpan;
}
export interface Select {
  readonly kind: 'select';
  readonly hint: SourceSpan | null;
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: readonly TableReference[];
  readonly where: ExpressionAst | null;
  readonly groupBy: readonly GroupItem[] | null;
  readonly having: ExpressionAst | null;
  readonly windows: SourceSpan | null;
  readonly span: SourceSpan;
}
export type SelectItem =
  | { readonly kind: 'all'; readonly span: SourceSpan }
  | {
      readonly kind: 'item';
      readonly expression: ExpressionAst;
      readonly alias: Name | null;
      readonly span: SourceSpan;
    };

export type GroupItem =
  | { readonly kind: 'expression'; readonly expression: ExpressionAst; readonly span: SourceSpan }
  | { readonly kind: 'empty'; readonly span: SourceSpan }
  | { readonly kind: 'grouping-sets'; readonly items: readonly GroupItem[]; readonly span: SourceSpan };

export type TableReference = NamedTable | DerivedTable | WindowFunctionTable | MatchTable | JoinTable | RefusedTable;

export interface TableAlias {
  readonly name: Name;
  readonly columns: readonly Name[] | null;
}
export interface NamedTable {
  readonly kind: 'named';
  readonly parts: readonly Name[];
  readonly hint: SourceSpan | null;
  readonly asOf: SourceSpan | null;
  readonly alias: TableAlias | null;
  readonly span: SourceSpan;
}
export interface DerivedTable {
  readonly kind: 'derived';
  readonly query: Query;
  readonly alias: TableAlias | null;
  readonly span: SourceSpan;
}
export interface WindowFunctionTable {
  readonly kind: 'window-function';
  readonly name: Name;
  readonly args: readonly TableArgument[];
  readonly alias: TableAlias | null;
  readonly span: SourceSpan;
}
export interface TableArgument {
  readonly name: Name | null;
  readonly value:
    | {
        readonly kind: 'table';
        readonly table: NamedTable | DerivedTable;
        readonly partition: readonly Name[];
      }
    | { readonly kind: 'descriptor'; readonly columns: readonly Name[] }
    | { readonly kind: 'expression'; readonly expression: ExpressionAst };
  readonly span: SourceSpan;
}
export interface MatchTable {
  readonly kind: 'match';
  readonly input: TableReference;
  readonly clause: MatchClause;
  readonly alias: TableAlias | null;
  readonly span: SourceSpan;
}
export interface JoinTable {
  readonly kind: 'join';
  readonly name: string;
  readonly left: TableReference;
  readonly right: TableReference;
  readonly joinSpan: SourceSpan;
  readonly span: SourceSpan;
}
/** A clause that the grammar accepts so that the compiler can refuse it by name. */
export interface RefusedTable {
  readonly kind: 'refused';
  readonly construct: string;
  readonly span: SourceSpan;
}
