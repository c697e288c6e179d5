import type { Field } from '../core/data-type.ts';
import type { EndpointRequest } from '../engine/endpoints.ts';
import type { Sink } from '../engine/sink.ts';
import type { Source } from '../engine/source.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { SinkNode } from '../plan/nodes/sink.ts';
import type { TableOptions } from '../plan/table-options.ts';
import type { OptionSpec } from './connector-options.ts';

/** What a connector is, in its folder's `connector.ts`. The registry lists all. */
export interface Connector {
  readonly name: string;
  readonly summary: string;
  readonly uses: readonly ('source' | 'sink')[];
  readonly options: readonly OptionSpec[];
  readonly patterns?: readonly RegExp[];
  /** Options that `patterns` let through and that are secret, such as passwords of a client. */
  readonly secretPatterns?: readonly RegExp[];
  /** Whether a `format` option chooses how bytes are read and written. */
  readonly formatted: boolean;
  readonly metadata?: ReadonlyMap<string, Field>;
  /** Takes −U and −D whatever the format. */
  readonly acceptsChangelog?: boolean;
  /** Why a source with these options has no end; null: it ends. Absent: it always ends. */
  readonly endless?: (options: TableOptions) => string | null;
  /**
   * Says which data a table is, whatever its name and its columns: a source goes on from the
   * position of a table that was the same data. Null or absent: only the name says it.
   */
  readonly identity?: (options: TableOptions) => string | null;
  /** What delivery the sink promises, for EXPLAIN. */
  readonly promise?: string;
  createSource?(node: ScanNode, context: EndpointContext): Source;
  createSink?(node: SinkNode, context: EndpointContext): Sink;
}

/** Where the tables of a SQL text are, and where their rows go. */
export interface TablePlace {
  /** Relative paths are relative to this directory: that of the SQL file. */
  readonly baseDirectory: string;
  /**
   * Paths must lie below one of these; absent or null: anywhere (the CLI's user may read and write
   * what they may).
   */
  readonly roots?: readonly string[] | null;
  /** The variables that `${env:NAME}` in an option may refer to; absent: none. */
  readonly environment?: (name: string) => string | undefined;
  /** Where `print` writes; absent: nowhere. */
  readonly print?: (text: string) => void;
  /** Rows of a bare SELECT. */
  readonly collect?: Sink;
}

/** What a connector gets with the node of its table. */
export type EndpointContext = EndpointRequest & Required<Omit<TablePlace, 'collect'>>;

export type { TableOptions };
