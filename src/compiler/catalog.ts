import type { Field } from '../core/data-type.ts';
import type { Expression } from '../plan/expression.ts';
import type { TableOptions } from '../plan/table-options.ts';

/** The tables and views before and after a text. Names are case-sensitive. */
export interface Catalog {
  readonly tables: ReadonlyMap<string, CatalogTable>;
  readonly views: ReadonlyMap<string, CatalogView>;
}

export interface CatalogTable {
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly watermark: { readonly column: string; readonly expression: Expression; readonly text: string } | null;
  readonly primaryKey: readonly string[];
  /** Columns whose values are in the names of folders; absent: none. */
  readonly partitionedBy?: readonly string[];
  readonly options: TableOptions;
  readonly temporary: boolean;
}

export type CatalogColumn =
  | { readonly kind: 'physical'; readonly field: Field; readonly comment?: string }
  | { readonly kind: 'computed'; readonly field: Field; readonly expression: Expression; readonly text: string }
  | { readonly kind: 'metadata'; readonly field: Field; readonly key: string; readonly virtual: boolean };

export interface CatalogView {
  readonly name: string;
  /** The query's text. Each use of the view compiles the text again. */
  readonly query: string;
  /** Column names given after the view's name, or null. */
  readonly columns: readonly string[] | null;
}

/**
 * The connectors and formats as the compiler sees them. The compiler does not import them: its
 * callers pass the registry. `check` returns the mistakes in the options of a source or sink table:
 * unknown keys, bad values and missing keys.
 */
export interface ConnectorCatalog {
  connectorNames(): readonly string[];
  check(use: 'declare' | 'source' | 'sink', options: TableOptions, fields: readonly Field[]): readonly OptionProblem[];
  /** Returns the metadata columns of the connector: key → type. */
  metadata(options: TableOptions): ReadonlyMap<string, Field>;
  /** Returns why a column cannot be a partition column of the table; null: it can. */
  partitionProblem(options: TableOptions, column: Field): string | null;
  /** Returns the options that Flink does not have. */
  extensions(options: TableOptions, fields: readonly Field[]): readonly OptionExtension[];
  /** Returns why the table's input has no end; null: it ends. */
  endless(options: TableOptions): string | null;
  /** Returns whether the table may have no rows for a time and then have rows again. */
  mayFallSilent(options: TableOptions): boolean;
  /** Returns the keys of the options whose values are secret. */
  secrets(options: TableOptions): readonly string[];
  /** Returns whether the sink accepts changes. */
  acceptsChangelog(options: TableOptions): boolean;
}

export interface OptionProblem {
  /** The key in WITH; null: an option is missing. */
  readonly key: string | null;
  readonly code: 'CONFIG_UNKNOWN_OPTION' | 'CONFIG_INVALID_OPTION';
  readonly message: string;
  readonly hint?: string;
}

/** An option of a table that Flink does not have. */
export interface OptionExtension {
  readonly key: string;
  readonly what: string;
  /** How a text for Flink does the same. */
  readonly portable: string;
}
