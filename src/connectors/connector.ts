import type { Clock } from '../core/clock.ts';
import type { Field } from '../core/data-type.ts';
import type { Disk } from '../core/disk.ts';
import type { Sink } from '../engine/sink.ts';
import type { Source } from '../engine/source.ts';
import type { ScanNode, SinkNode, TableOptions } from '../plan/plan-node.ts';
import type { OptionSpec } from './connector-options.ts';

/** What a connector is, in its folder's `connector.ts`. The registry lists all. */
export interface Connector {
  readonly name: string;
  readonly summary: string;
  readonly uses: readonly ('source' | 'sink')[];
  readonly options: readonly OptionSpec[];
  readonly patterns?: readonly RegExp[];
  /** Whether a `format` option chooses how bytes are read and written. */
  readonly formatted: boolean;
  readonly metadata?: ReadonlyMap<string, Field>;
  /** Takes −U and −D whatever the format. */
  readonly acceptsChangelog?: boolean;
  /** Why a source with these options has no end; null: it ends. Absent: it always ends. */
  readonly endless?: (options: TableOptions) => string | null;
  /** What delivery the sink promises, for EXPLAIN. */
  readonly promise?: string;
  createSource?(node: ScanNode, context: EndpointContext): Source;
  createSink?(node: SinkNode, context: EndpointContext): Sink;
}

export interface EndpointContext {
  readonly job: string;
  /** Relative paths are relative to this directory: that of the SQL file. */
  readonly baseDirectory: string;
  readonly batchRows: number;
  readonly clock: Clock;
  /** Where sinks write; absent: the real one. */
  readonly disk?: Disk;
  /** The job has checkpoints: output is synced, and has a checksum. */
  readonly checkpointed: boolean;
  /**
   * Paths must lie below one of these; null: anywhere (the CLI's user may read and write what they
   * may).
   */
  readonly roots: readonly string[] | null;
  /** Where `print` writes. */
  print(text: string): void;
  /** Rows of a bare SELECT. */
  readonly collect?: Sink;
}

export type { TableOptions };
