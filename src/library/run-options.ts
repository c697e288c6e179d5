import type { EngineError } from '../core/engine-error.ts';
import type { InputTable } from './input-table.ts';
import type { ManualClock } from './manual-clock.ts';

/** Rows of a table. The query reads a row only when it needs the row. */
export type InputRows = Iterable<object> | AsyncIterable<object>;

/**
 * The input of a table: an `InputTable`, rows, or a function that returns the rows from row `from`
 * on, counted from 0. After a restore, the rows that a checkpoint contains are skipped. A function
 * gets the number of the next row instead.
 */
export type Input = InputTable<object> | InputRows | ((from: number) => InputRows);

export interface RunOptions {
  /**
   * Base name for the names of jobs. A job finds its checkpoints by its name. Default: `program`.
   */
  readonly name?: string;
  /** Settings as in `SET`. They override SET in the text. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Relative paths of tables are relative to this directory. Default: the working directory. */
  readonly baseDirectory?: string;
  /** Rows for tables of the text, by table name. They replace the table's connector. */
  readonly inputs?: Readonly<Record<string, Input>>;
  /**
   * Tables that INSERT writes and that the program reads (`rows`, `changes`). The program replaces
   * their connector. The program always reads a SELECT as the output `result`.
   */
  readonly outputs?: readonly string[];
  /** The number of unread changes of an output at which the job waits. Default: 1,024. */
  readonly outputCapacity?: number;
  /** The place of checkpoints: a directory, `s3://bucket/prefix` or `hdfs://namenode/directory`. */
  readonly checkpoints?: string;
  /**
   * `latest` (default): continue from the newest checkpoint, if there is one; `fresh`: start over.
   */
  readonly restore?: 'latest' | 'fresh';
  /** Default: the system's clock. */
  readonly clock?: ManualClock;
  /** Largest number of rows of a batch. Default: 4,096. */
  readonly batchRows?: number;
  /** Receives the rows of tables with the connector `print`. Default: the rows are dropped. */
  readonly print?: (text: string) => void;
  /** Receives events other than results: failed checkpoints, disks that are almost full. */
  readonly onEvent?: (event: RunEvent) => void;
}

/** Something that a running program reports. */
export interface RunEvent {
  readonly job: string;
  readonly kind: string;
  readonly error?: EngineError;
}
