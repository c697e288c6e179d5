import type { DataType } from '../../core/data-type.ts';
import type { SourceSpan } from '../../core/diagnostic.ts';
import type { ExpressionAst, Name } from './expression.ts';
import type { Query } from './query.ts';

export type Statement =
  | CreateTable
  | CreateView
  | Drop
  | Insert
  | QueryStatement
  | Explain
  | ExplainMatch
  | Describe
  | Show
  | SetOption
  | StopJob;

export interface CreateTable {
  readonly kind: 'create-table';
  readonly name: readonly Name[];
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly ColumnDefinition[];
  readonly watermarks: readonly {
    readonly column: readonly Name[];
    readonly expression: ExpressionAst;
    readonly text: string;
    readonly span: SourceSpan;
  }[];
  readonly constraints: readonly KeyConstraint[];
  readonly partitionedBy: readonly Name[];
  readonly options: readonly OptionAst[];
  readonly optionsSpan: SourceSpan | null;
  /**
   * LIKE, AS, DISTRIBUTED. The grammar accepts them so that the compiler can refuse them by name.
   */
  readonly refused: readonly { readonly construct: string; readonly span: SourceSpan }[];
  readonly span: SourceSpan;
}
export interface KeyConstraint {
  readonly columns: readonly Name[];
  readonly unique: boolean;
  /** `NOT ENFORCED`, `ENFORCED` or nothing. */
  readonly enforcement: 'not-enforced' | 'enforced' | null;
  readonly span: SourceSpan;
}
export interface OptionAst {
  readonly key: string;
  readonly value: string;
  readonly keySpan: SourceSpan;
  readonly valueSpan: SourceSpan;
}
export type ColumnDefinition =
  | {
      readonly kind: 'physical';
      readonly name: Name;
      readonly type: DataType;
      readonly comment: string | null;
      readonly span: SourceSpan;
    }
  | {
      readonly kind: 'computed';
      readonly name: Name;
      readonly expression: ExpressionAst;
      readonly text: string;
      readonly span: SourceSpan;
    }
  | {
      readonly kind: 'metadata';
      readonly name: Name;
      readonly type: DataType;
      readonly key: string | null;
      readonly virtual: boolean;
      readonly keySpan: SourceSpan;
      readonly span: SourceSpan;
    };

export interface CreateView {
  readonly kind: 'create-view';
  readonly name: readonly Name[];
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
  readonly columns: readonly Name[] | null;
  readonly query: Query;
  readonly queryText: string;
  readonly span: SourceSpan;
}
export interface Drop {
  readonly kind: 'drop';
  readonly object: 'table' | 'view';
  readonly ifExists: boolean;
  readonly name: readonly Name[];
  readonly span: SourceSpan;
}
export interface Insert {
  readonly kind: 'insert';
  readonly table: readonly Name[];
  readonly columns: readonly Name[] | null;
  readonly hint: SourceSpan | null;
  readonly query: Query;
  /** LATE ROWS INTO table. */
  readonly late: { readonly table: readonly Name[]; readonly span: SourceSpan } | null;
  readonly span: SourceSpan;
}
export interface QueryStatement {
  readonly kind: 'query';
  readonly query: Query;
  readonly span: SourceSpan;
}
export interface Explain {
  readonly kind: 'explain';
  readonly statement: Insert | QueryStatement;
  readonly span: SourceSpan;
}
/**
 * EXPLAIN MATCH name FOR KEY (…) BETWEEN … AND …: the name of a view, a table that is
 * inserted into, or a job.
 */
export interface ExplainMatch {
  readonly kind: 'explain-match';
  readonly name: readonly Name[];
  readonly key: readonly ExpressionAst[];
  readonly keySpan: SourceSpan;
  readonly between: readonly [ExpressionAst, ExpressionAst] | null;
  readonly span: SourceSpan;
}
export interface Describe {
  readonly kind: 'describe';
  readonly name: readonly Name[];
  readonly span: SourceSpan;
}
export interface Show {
  readonly kind: 'show';
  readonly what: 'tables' | 'views' | 'functions' | 'jobs' | 'create-table' | 'create-view';
  readonly name: readonly Name[];
  readonly span: SourceSpan;
}
/** SET without a key lists the settings; a null value is RESET. */
export interface SetOption {
  readonly kind: 'set';
  readonly reset: boolean;
  readonly key: string | null;
  readonly value: string | null;
  readonly keySpan: SourceSpan;
  readonly valueSpan: SourceSpan;
  readonly span: SourceSpan;
}
export interface StopJob {
  readonly kind: 'stop-job';
  readonly job: string;
  readonly savepoint: boolean;
  readonly drain: boolean;
  readonly span: SourceSpan;
}
