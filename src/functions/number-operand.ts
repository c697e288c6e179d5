import type { Nulls, Vector } from '../batch/vector.ts';

/**
 * A column of numbers in the form that a loop reads: `values[i & mask]`. The mask of a constant is
 * 0, so one loop serves columns and constants. `values` is null if the numbers exist only as 64-bit
 * integers, or if the values are not numbers.
 */
export interface NumberOperand {
  readonly values: Float64Array;
  readonly mask: number;
  readonly nulls: Nulls;
}
export interface LongOperand {
  readonly values: BigInt64Array;
  readonly mask: number;
  readonly nulls: Nulls;
}

/**
 * Returns the vector's floats; null when it has none (64-bit integers, a NULL constant, boxed
 * values).
 */
export function numberOperand(vector: Vector): NumberOperand | null {
  if (vector.kind === 'number') return { values: vector.values, mask: -1, nulls: vector.nulls };
  if (vector.kind === 'constant' && typeof vector.value === 'number') {
    return { values: Float64Array.of(vector.value), mask: 0, nulls: null };
  }
  return null;
}

/**
 * Returns a BIGINT column in 64-bit form. Converts it if the column has floats. Only `rows` are
 * defined.
 */
export function longOperand(vector: Vector, rows: Int32Array | null, count: number, size: number): LongOperand {
  if (vector.kind === 'long') return { values: vector.values, mask: -1, nulls: vector.nulls };
  if (vector.kind === 'constant') {
    return { values: BigInt64Array.of(BigInt(vector.value as number | bigint)), mask: 0, nulls: null };
  }
  const values = new BigInt64Array(size);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    const value = vector.get(i);
    if (value !== null) values[i] = BigInt(value as number | bigint);
  }
  return { values, mask: -1, nulls: vector.kind === 'number' ? vector.nulls : nullsOf(vector, rows, count, size) };
}

function nullsOf(vector: Vector, rows: Int32Array | null, count: number, size: number): Nulls {
  const nulls = new Uint8Array(size);
  for (let k = 0; k < count; k++) {
    const i = rows === null ? k : rows[k]!;
    if (vector.isNull(i)) nulls[i] = 1;
  }
  return nulls;
}

/**
 * Returns NULLs for the rows where either column is NULL. Shares the array if only one column has
 * NULLs.
 */
export function eitherNull(a: Nulls, b: Nulls, size: number): Nulls {
  if (a === null || b === null) return a ?? b;
  const nulls = new Uint8Array(size);
  for (let i = 0; i < size; i++) nulls[i] = a[i]! | b[i]!;
  return nulls;
}
