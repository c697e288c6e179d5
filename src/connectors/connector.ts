import type { Field } from '../core/data-type.ts';
import type { EndpointRequest } from '../engine/endpoints.ts';
import type { Sink } from '../engine/sink.ts';
import type { Source } from '../engine/source.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { SinkNode } from '../plan/nodes/sink.ts';
import type { TableOptions } from '../plan/table-options.ts';
import type { OptionSpec } from './connector-options.ts';

/**
 * The definition of a connector, in its folder's `connector.ts`. The registry lists all connectors.
 */
export interface Connector {
  readonly name: string;
  readonly summary: string;
  /** What a source reads, and when it ends. For the documentation. */
  readonly reads?: string;
  /** What a sink does with rows. For the documentation. */
  readonly writes?: string;
  readonly uses: readonly ('source' | 'sink')[];
  readonly options: readonly OptionSpec[];
  /** Keys of options that are secrets, such as passwords of a client. */
  readonly secretPatterns?: readonly RegExp[];
  /** Whether a `format` option chooses how bytes are read and written. */
  readonly formatted: boolean;
  readonly metadata?: ReadonlyMap<string, MetadataColumn>;
  /**
   * Returns why a column cannot be a column of PARTITIONED BY; null: it can. Absent: no column can.
   */
  readonly partitionProblem?: (column: Field) => string | null;
  /** Returns the options, or their values, that Flink does not have. */
  readonly extensions?: (options: TableOptions) => readonly OptionExtension[];
  /** Accepts −U and −D with any format. */
  readonly acceptsChangelog?: boolean;
  /** Why a source with these options has no end; null: it ends. Absent: it always ends. */
  readonly endless?: (options: TableOptions) => string | null;
  /**
   * Returns whether a source with these options may pause for a time and then have rows again.
   * Absent: the source never pauses.
   */
  readonly mayFallSilent?: (options: TableOptions) => boolean;
  /**
   * Identifies the data of a table, independent of its name and columns. A source continues from
   * the position of a table with the same data. Null or absent: only the name identifies the data.
   */
  readonly identity?: (options: TableOptions) => string | null;
  /** The sink's delivery guarantee, for EXPLAIN. */
  readonly promise?: string;
  createSource?(node: ScanNode, context: EndpointContext): Source;
  createSink?(node: SinkNode, context: EndpointContext): Sink;
}

/** A column that `METADATA FROM` can name. */
export interface MetadataColumn extends Field {
  /** One line for the documentation. */
  readonly summary: string;
}

/** An option, or a value of it, that Flink does not have. */
export interface OptionExtension {
  readonly key: string;
  readonly what: string;
  /** How a text for Flink does the same. */
  readonly portable: string;
}

/** The environment of the tables of a SQL text: paths, variables and output. */
export interface TablePlace {
  /** Relative paths are relative to this directory: that of the SQL file. */
  readonly baseDirectory: string;
  /**
   * Paths must be below one of these; absent or null: any path (the CLI's user may read and write
   * what they may).
   */
  readonly roots?: readonly string[] | null;
  /** The variables that `${env:NAME}` in an option may refer to; absent: none. */
  readonly environment?: (name: string) => string | undefined;
  /**
   * `read`: tables may read standard input and named pipes. Otherwise why they may not. Absent:
   * only the command line can.
   */
  readonly pipes?: 'read' | string;
  /** The output of `print`; absent: none. */
  readonly print?: (text: string) => void;
  /** Rows of a bare SELECT. */
  readonly collect?: Sink;
}

/** What a connector gets with the node of its table. */
export type EndpointContext = EndpointRequest & Required<Omit<TablePlace, 'collect'>>;

export type { TableOptions };
