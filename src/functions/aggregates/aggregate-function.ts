import type { Vector } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import type { ArgumentInfo, Mismatch, Resolution } from '../scalar-function.ts';

/**
 * An aggregate function: signature, and a factory of the loops that keep its accumulators in state
 * columns.
 */
export interface AggregateFunction {
  readonly name: string;
  readonly summary: string;
  /**
   * Version of the accumulator, above 1 if its columns changed their meaning. Plans name the
   * version, so a plan of an older version never reads state of this one.
   */
  readonly version?: number;
  /**
   * The result's type is that of `resolve`, also where there may be no row. Default false: the
   * result may be NULL without GROUP BY and with FILTER. Both as in Flink.
   */
  readonly typedWithoutRows?: boolean;
  /**
   * Returns the types to cast the arguments to, and the result's type, like that of scalar
   * functions. The result may be NULL if the argument may be NULL.
   */
  resolve(args: readonly ArgumentInfo[]): Resolution | Mismatch;
  /**
   * Creates the accumulator. `retractable`: rows may be retracted (−U, −D). Some accumulators
   * need more state for that.
   */
  create(args: readonly DataType[], result: DataType, retractable: boolean): Aggregator;
}

/**
 * A state column of an accumulator: a float, a BIGINT (`long`), or any internal value of `type`. A
 * new entry starts with 0, 0, null. The engine turns these into state columns.
 */
export type AggregateColumn =
  | { readonly kind: 'number' }
  | { readonly kind: 'long' }
  | { readonly kind: 'value'; readonly type: DataType };

/** The state columns of a table, as the engine's `EntrySlots` has them. */
export interface AccumulatorCells {
  readonly columns: readonly (Float64Array | unknown[])[];
  readLong(column: number, slot: number): number | bigint;
  writeLong(column: number, slot: number, value: number | bigint): void;
}

/**
 * One aggregate call over accumulators in a table: its columns start at `base`. The caller has
 * touched the slot. Callers drop the rows that a FILTER or DISTINCT excludes.
 */
export interface Aggregator {
  readonly columns: readonly AggregateColumn[];
  /** The result contains NULLs, so DISTINCT passes NULL on once. */
  readonly keepsNulls?: boolean;
  /** Adds row `row` of the argument vectors. */
  add(cells: AccumulatorCells, base: number, slot: number, args: readonly Vector[], row: number): void;
  /** Adds the rows `rows[i]` (null = i) to `slots[i]`, for i in from..to-1. */
  addRows?(
    cells: AccumulatorCells,
    base: number,
    slots: Int32Array,
    args: readonly Vector[],
    rows: Int32Array | null,
    from: number,
    to: number,
  ): void;
  /** Retracts a row. Only on aggregators created with `retractable`. */
  retract(cells: AccumulatorCells, base: number, slot: number, args: readonly Vector[], row: number): void;
  /** Adds another accumulator to this one. The rows of `from` arrived later. */
  merge(cells: AccumulatorCells, base: number, slot: number, from: AccumulatorCells, fromSlot: number): void;
  /**
   * Like `merge`, but the rows of `from` come first in the result. Flink merges the slices of a HOP
   * window from the last to the first. Absent: the order does not matter.
   */
  mergeBefore?(cells: AccumulatorCells, base: number, slot: number, from: AccumulatorCells, fromSlot: number): void;
  /** Returns the result as an internal value. */
  value(cells: AccumulatorCells, base: number, slot: number): unknown;
  /**
   * Returns the value whose change sends the new result. Default: the result. Flink computes some
   * results from several sums behind its aggregation, which sends a change of each sum.
   */
  trigger?(cells: AccumulatorCells, base: number, slot: number): unknown;
}

/**
 * Creates a signature with one argument of any type that fits `accepts`. Makes the result's type
 * from the argument's type.
 */
export function unary(
  args: readonly ArgumentInfo[],
  accepts: (type: DataType) => boolean,
  expected: string,
  result: (type: DataType) => DataType,
): Resolution | Mismatch {
  const [arg] = args;
  if (args.length !== 1 || arg === undefined) return { mismatch: `takes one argument, got ${args.length}` };
  if (!accepts(arg.type)) return { mismatch: `expects ${expected}` };
  return { args: [arg.type], result: result(arg.type) };
}
