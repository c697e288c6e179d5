import { narrowLong } from '../batch/vector.ts';

/**
 * BIGINT arithmetic on internal values (a number while |v| <= 2^53-1, otherwise a bigint). Results
 * wrap at 64 bits, as Java's do. A float result within the safe range is exact: any rounding would
 * have brought it to 2^53 or beyond.
 */
export type LongValue = number | bigint;

const SAFE = Number.MAX_SAFE_INTEGER;

/** Returns the low 64 bits, in internal form. */
export const wrapLong = (value: bigint): LongValue => narrowLong(BigInt.asIntN(64, value));

export function longAdd(a: LongValue, b: LongValue): LongValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= SAFE && sum >= -SAFE) return sum;
  }
  return wrapLong(BigInt(a) + BigInt(b));
}

export function longSubtract(a: LongValue, b: LongValue): LongValue {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (difference <= SAFE && difference >= -SAFE) return difference;
  }
  return wrapLong(BigInt(a) - BigInt(b));
}

export function longMultiply(a: LongValue, b: LongValue): LongValue {
  if (typeof a === 'number' && typeof b === 'number') {
    // Adding 0 turns -0 into 0, because integers have no -0.
    const product = a * b + 0;
    if (product <= SAFE && product >= -SAFE) return product;
  }
  return wrapLong(BigInt(a) * BigInt(b));
}

/** Truncates towards zero. The divisor must not be zero. */
export function longDivide(a: LongValue, b: LongValue): LongValue {
  // With both below 2^53 the quotient never rounds up to the next integer.
  if (typeof a === 'number' && typeof b === 'number') return Math.trunc(a / b) + 0;
  return wrapLong(BigInt(a) / BigInt(b));
}

/** Computes the rest, which has the sign of the dividend. The divisor must not be zero. */
export function longRemainder(a: LongValue, b: LongValue): LongValue {
  if (typeof a === 'number' && typeof b === 'number') return (a % b) + 0;
  return wrapLong(BigInt(a) % BigInt(b));
}

export const longNegate = (a: LongValue): LongValue => (typeof a === 'number' ? 0 - a : wrapLong(-a));
