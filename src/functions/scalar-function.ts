import type { Vector } from '../batch/vector.ts';
import type { DataType } from '../core/data-type.ts';
import type { LiteralJson } from '../plan/expression.ts';

/**
 * A scalar function: signature and kernels in one place, so that type checking, constant folding
 * and execution share one definition. Operators (`+`, `=`, `LIKE`, `IS NULL` …) are functions
 * too, under their SQL spelling.
 */
export interface ScalarFunction {
  /** Key in the registry and in plans: SQL spelling, upper case. */
  readonly name: string;
  /** One line for help and documentation. */
  readonly summary: string;
  /**
   * Returns the types to cast the arguments to, and the result's type. Returns the reason if the
   * function cannot be called. The compiler inserts the casts. Source of each rule: Flink's
   * function catalogue, checked against recorded answers.
   */
  resolve(args: readonly ArgumentInfo[], environment: FunctionEnvironment): Resolution | Mismatch;
  /**
   * `strict` (default): a NULL argument gives NULL and the kernel is not called. `handled`: the
   * kernel sees NULLs.
   */
  readonly nulls?: 'strict' | 'handled';
  /** False: never folded, evaluated once per row (RAND, UUID, CURRENT_TIMESTAMP). Default true. */
  readonly deterministic?: boolean;
  /**
   * One value at a time, on internal values (`core/data-type.ts`). `args` and `result` are those of
   * `resolve`.
   */
  scalar(args: readonly DataType[], result: DataType, environment: FunctionEnvironment): ScalarKernel;
  /** Returns a loop over columns if it is faster; null = use the scalar kernel. */
  vector?(args: readonly DataType[], result: DataType, environment: FunctionEnvironment): VectorKernel | null;
}

export interface ArgumentInfo {
  readonly type: DataType;
  /**
   * Set when the argument is a literal: some signatures depend on it (precision of
   * TO_TIMESTAMP_LTZ, a JSON path, string literals vs dates).
   */
  readonly literal?: { readonly value: LiteralJson };
}

/** A place inside of a text literal among the arguments. */
export interface LiteralPlace {
  readonly argument: number;
  /** Code units of the text before the place. */
  readonly offset: number;
}

export interface Resolution {
  readonly args: readonly DataType[];
  readonly result: DataType;
  /** What Flink SQL lacks, if it does not accept the call; the level `portable` refuses it. */
  readonly extension?: { readonly what: string; readonly portable?: string };
  /** What the user should know about a call that is allowed. */
  readonly warning?: { readonly message: string; readonly at: LiteralPlace };
}
export interface Mismatch {
  /** The error for the user: "expects a number, got STRING". */
  readonly mismatch: string;
  readonly hint?: string;
  /** Where the mistake is if it is inside of a literal. */
  readonly at?: LiteralPlace;
}

/** The session's data for functions. Functions get the clock and random numbers only from it. */
export interface FunctionEnvironment {
  /** `table.local-time-zone`. */
  readonly zone: string;
  now(): number;
  random(): number;
}

// biome-ignore lint/suspicious/noExplicitAny: `resolve` has settled the types
export type ScalarKernel = (...values: any[]) => unknown;

/**
 * `rows` are the positions to compute, the first `count` of them (null = 0..count-1). The result
 * has `size` places; those not in `rows` are undefined. The kernel handles NULLs itself. A constant
 * argument is a ConstantVector.
 */
export type VectorKernel = (args: readonly Vector[], rows: Int32Array | null, count: number, size: number) => Vector;
