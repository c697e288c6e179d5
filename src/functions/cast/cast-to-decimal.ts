import type { DataType, DecimalType } from '../../core/data-type.ts';
import { isInteger, isText } from '../../core/data-type.ts';
import { fitDecimal, parseExact, rescale } from '../decimal.ts';
import type { Converter } from './converter.ts';

/**
 * Casts to DECIMAL, rounded half up. Too many digits give NULL, but an error if the value is a
 * text. A DOUBLE is converted from the digits of its text form.
 */
export function toDecimal(from: DataType, to: DecimalType): Converter | null {
  // A BIGINT has at most 19 digits.
  if (isInteger(from) && to.scale === 0 && to.precision >= 19) return (value) => BigInt(value as number | bigint);
  if (isInteger(from)) return (value) => fitDecimal(BigInt(value as number | bigint), 0, to);
  switch (from.kind) {
    case 'decimal':
      return (value) => fitDecimal(BigInt(value as number | bigint), from.scale, to);
    case 'float':
    case 'double':
      return (value) => fitText(String(value), to, null);
    case 'boolean':
      return (value) => fitDecimal(value === true ? 1n : 0n, 0, to);
    default:
      return isText(from) ? (value) => readText(value as string, to) : null;
  }
}

/**
 * Converts a text. `overflow` is the result for too many digits: an error for a text, NULL for a
 * number.
 */
function fitText<T extends null | undefined>(
  text: string,
  to: DecimalType,
  overflow: T,
): number | bigint | T | undefined {
  const exact = parseExact(text);
  if (exact === null) return undefined;
  return fitDecimal(exact.unscaled, exact.scale, to) ?? overflow;
}

/** Flink reads a text in a shorter way up to this number of bytes and digits. */
const SHORT = 18;

/**
 * Flink's shorter way counts the digits before the point as they are written, also leading zeros
 * (`CAST('0.5' AS DECIMAL(2, 2))` fails), and does not check the result again after rounding
 * (`'9.995'` is 10.00 as DECIMAL(3, 2)). Measured with Flink; golden case
 * expr/cast-text-to-decimal.
 */
function readText(text: string, to: DecimalType): number | bigint | undefined {
  const trimmed = text.trim();
  if (text.length > SHORT || to.precision > SHORT) return fitText(trimmed, to, undefined);
  const exact = parseExact(trimmed);
  if (exact === null) return undefined;
  const [, digits, exponent] = /^[+-]?(\d*)[^eE]*(?:[eE](.*))?$/.exec(trimmed)!;
  if (digits!.length + Number(exponent ?? 0) + to.scale > to.precision) return undefined;
  const value = rescale(exact.unscaled, exact.scale, to.scale);
  return to.precision <= 15 ? Number(value) : value;
}
