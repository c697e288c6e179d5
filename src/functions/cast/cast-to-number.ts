import { narrowLong } from '../../batch/vector.ts';
import type { DataType } from '../../core/data-type.ts';
import { isInteger, isText } from '../../core/data-type.ts';
import { decimalToNumber, powerOfTen } from '../decimal.ts';
import { wrapLong } from '../exact-long.ts';
import { parseDouble, parseInteger } from '../number-text.ts';
import type { Converter } from './converter.ts';

const LONG_MAX = 9223372036854775807n;
const LONG_MIN = -9223372036854775808n;
const INT_MAX = 2147483647;
const INT_MIN = -2147483648;
const SHIFT: Readonly<Record<string, number>> = { int: 0, smallint: 16, tinyint: 24 };
const LIMIT: Readonly<Record<string, bigint>> = {
  tinyint: 128n,
  smallint: 32768n,
  int: 2147483648n,
  bigint: -LONG_MIN,
};

/**
 * Casts to integers, FLOAT, DOUBLE and intervals (held as integers). Integers are cut to the low
 * bits. Fractions are cut towards zero. DOUBLE to INT and BIGINT saturates. NaN becomes 0. A text
 * that is not a number, or is out of range, cannot be converted.
 */
export function toNumber(from: DataType, to: DataType): Converter | null {
  if (to.kind === 'float' || to.kind === 'double') return toApproximate(from, to.kind === 'float');
  const kind = isInteger(to) ? to.kind : 'bigint';
  if (isInteger(from) || from.kind === 'interval-day-time' || from.kind === 'interval-year-month') {
    return integerToInteger(kind);
  }
  switch (from.kind) {
    case 'float':
    case 'double':
      return (value) => cutDouble(value as number, kind);
    case 'decimal': {
      const wrap = integerToInteger(kind);
      const unit = powerOfTen(from.scale);
      return (value) => wrap(wrapLong(BigInt(value as number | bigint) / unit));
    }
    case 'boolean':
      return (value) => (value === true ? 1 : 0);
    default:
      return isText(from) ? textToInteger(kind) : null;
  }
}

function integerToInteger(kind: string): Converter {
  if (kind === 'bigint') return (value) => value;
  const shift = SHIFT[kind]!;
  // `<<` keeps the low 32 bits of an integer up to 2^53 exactly.
  return (value) =>
    typeof value === 'bigint' ? Number(BigInt.asIntN(32 - shift, value)) : ((value as number) << shift) >> shift;
}

function cutDouble(value: number, kind: string): number | bigint {
  if (Number.isNaN(value)) return 0;
  const whole = Math.trunc(value) + 0;
  if (kind === 'bigint') {
    if (whole >= 2 ** 63) return LONG_MAX;
    if (whole <= -(2 ** 63)) return LONG_MIN;
    return Number.isSafeInteger(whole) ? whole : narrowLong(BigInt(whole));
  }
  const int = Math.min(INT_MAX, Math.max(INT_MIN, whole));
  const shift = SHIFT[kind]!;
  return (int << shift) >> shift;
}

function textToInteger(kind: string): Converter {
  const limit = LIMIT[kind]!;
  return (value) => {
    const parsed = parseInteger(value as string);
    return parsed === null || parsed >= limit || parsed < -limit ? undefined : narrowLong(parsed);
  };
}

function toApproximate(from: DataType, single: boolean): Converter | null {
  const double = toDouble(from);
  if (double === null || !single) return double;
  return (value) => {
    const converted = double(value);
    return converted === undefined ? undefined : Math.fround(converted);
  };
}

function toDouble(from: DataType): ((value: unknown) => number | undefined) | null {
  if (isInteger(from)) return (value) => Number(value as number | bigint);
  switch (from.kind) {
    case 'float':
    case 'double':
      return (value) => value as number;
    case 'decimal':
      return (value) => decimalToNumber(value as number | bigint, from.scale);
    case 'boolean':
      return (value) => (value === true ? 1 : 0);
    default:
      return isText(from) ? (value) => parseDouble(value as string) ?? undefined : null;
  }
}
