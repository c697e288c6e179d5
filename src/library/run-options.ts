import type { EngineError } from '../core/engine-error.ts';
import type { InputTable } from './input-table.ts';
import type { ManualClock } from './manual-clock.ts';

/** Rows of a table: they are read when the query wants them, and only then. */
export type InputRows = Iterable<object> | AsyncIterable<object>;

/**
 * Where the rows of a table come from: an `InputTable` that is fed by hand; rows; or a function
 * that gives the rows from row `from` on, counted from 0. After a restore, rows that a checkpoint
 * has are skipped; a function is told where to continue instead.
 */
export type Input = InputTable<object> | InputRows | ((from: number) => InputRows);

export interface RunOptions {
  /** Base name for the names of jobs; a job's checkpoints are found by it. Default: `program`. */
  readonly name?: string;
  /** Settings as `SET` takes them. They win over SET in the text. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Relative paths of tables are relative to this directory. Default: the working directory. */
  readonly baseDirectory?: string;
  /** Rows for tables of the text, by name, in the place of the table's connector. */
  readonly inputs?: Readonly<Record<string, Input>>;
  /**
   * Tables that INSERT writes and that the program reads (`rows`, `changes`) in the place of their
   * connector. A SELECT is always read by the program, as the output `result`.
   */
  readonly outputs?: readonly string[];
  /** Changes of an output that may wait for their reader before the job waits. Default: 1,024. */
  readonly outputCapacity?: number;
  /** Checkpoints into this directory, or `s3://bucket/prefix` or `hdfs://namenode/directory`. */
  readonly checkpoints?: string;
  /**
   * `latest` (default): continue from the newest checkpoint, if there is one; `fresh`: start over.
   */
  readonly restore?: 'latest' | 'fresh';
  /** Default: the system's clock. */
  readonly clock?: ManualClock;
  /** Largest number of rows of a batch. Default: 4,096. */
  readonly batchRows?: number;
  /** Where rows of tables with the connector `print` go. Default: nowhere. */
  readonly print?: (text: string) => void;
  /** What happens besides results: checkpoints that failed, disks that get full. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Something that a running program reports. */
export interface RunEvent {
  readonly job: string;
  readonly kind: string;
  readonly error?: EngineError;
}
