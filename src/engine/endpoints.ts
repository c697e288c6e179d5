import type { Clock } from '../core/clock.ts';
import type { Disk } from '../core/disk.ts';
import type { ScanNode } from '../plan/nodes/scan.ts';
import type { SinkNode } from '../plan/nodes/sink.ts';
import type { Sink } from './sink.ts';
import type { Source } from './source.ts';

/** The sources and sinks of a job's tables, and their identities. */
export interface Endpoints {
  source(node: ScanNode): Source;
  sink(node: SinkNode): Sink;
  /**
   * Identifies the data of a table, independent of its name and columns; null: only the name
   * identifies it.
   */
  identity(node: ScanNode): string | null;
}

/** The job's properties for the factory of its endpoints. */
export interface EndpointRequest {
  /** The id of the job. */
  readonly job: string;
  /** Rows of a batch at most. */
  readonly batchRows: number;
  readonly clock: Clock;
  /** The disk that sinks write to; absent: the real one. */
  readonly disk?: Disk;
  /** The job has checkpoints: output is synced, and has a checksum. */
  readonly checkpointed: boolean;
}

export type EndpointFactory = (request: EndpointRequest) => Endpoints;
