import type { Batch } from '../../batch/batch.ts';
import type { Vector } from '../../batch/vector.ts';

/**
 * Compiled forms of an expression. `compileVector`, `compilePredicate`, `compileScalar` in this
 * folder make them once per plan.
 */

/** Positions to compute: the first `count` of `rows` (ascending); null = 0..count-1. */
export interface Rows {
  readonly rows: Int32Array | null;
  readonly count: number;
}

/** A column with `batch.size` places; only those in `rows` are defined. */
export type VectorExpression = (batch: Batch, rows: Rows) => Vector;

/** The rows for which the condition is TRUE, as a subset of `rows`. */
export type Predicate = (batch: Batch, rows: Rows) => Rows;

/**
 * One row at a time over any reader of columns, e.g. a row kept by a pattern. NULL (and UNKNOWN) is
 * null.
 */
export type ScalarExpression<Row> = (row: Row) => unknown;

/** Gives column `index` of a row as an internal value. */
export type ColumnReader<Row> = (row: Row, index: number) => unknown;
