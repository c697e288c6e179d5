import type { DecimalType } from '../core/data-type.ts';
import { invariant } from '../core/invariant.ts';

/**
 * Exact DECIMAL arithmetic on internal values: the unscaled integer, a number for precision <= 15
 * and a bigint above. Results that need more digits than their type has are null (SQL NULL), as in
 * Flink; digits that the scale does not hold are rounded half up (away from zero).
 */
export type DecimalValue = number | bigint;

const POWERS: bigint[] = Array.from({ length: 80 }, (_, i) => 10n ** BigInt(i));
const NUMBER_POWERS: number[] = Array.from({ length: 23 }, (_, i) => 10 ** i);

export const powerOfTen = (exponent: number): bigint => POWERS[exponent] ?? 10n ** BigInt(exponent);

/** Returns the quotient rounded half away from zero. */
export function divideHalfUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const rest = dividend - quotient * divisor;
  const doubled = rest < 0n ? -rest * 2n : rest * 2n;
  if (doubled < (divisor < 0n ? -divisor : divisor)) return quotient;
  return dividend < 0n === divisor < 0n ? quotient + 1n : quotient - 1n;
}

/** Returns the same number at another scale, rounded half up if digits are dropped. */
export function rescale(unscaled: bigint, from: number, to: number): bigint {
  if (to === from) return unscaled;
  return to > from ? unscaled * powerOfTen(to - from) : divideHalfUp(unscaled, powerOfTen(from - to));
}

/**
 * Returns an exact number (unscaled, scale) as internal value of the type; null when it has too
 * many digits.
 */
export function fitDecimal(unscaled: bigint, scale: number, type: DecimalType): DecimalValue | null {
  const value = rescale(unscaled, scale, type.scale);
  const limit = powerOfTen(type.precision);
  if (value >= limit || value <= -limit) return null;
  return type.precision <= 15 ? Number(value) : value;
}

type Binary = (a: DecimalValue, b: DecimalValue) => DecimalValue | null;

export function decimalAdd(a: DecimalType, b: DecimalType, result: DecimalType, sign: 1 | -1): Binary {
  if (result.precision <= 15 && a.precision <= 15 && b.precision <= 15) {
    const fa = NUMBER_POWERS[result.scale - a.scale]!;
    const fb = NUMBER_POWERS[result.scale - b.scale]! * sign;
    // Both products have at most 15 digits, because the result type has room for each operand.
    return (x, y) => (x as number) * fa + (y as number) * fb + 0;
  }
  const scale = Math.max(a.scale, b.scale);
  const fa = powerOfTen(scale - a.scale);
  const fb = powerOfTen(scale - b.scale) * BigInt(sign);
  return (x, y) => fitDecimal(BigInt(x) * fa + BigInt(y) * fb, scale, result);
}

export function decimalMultiply(a: DecimalType, b: DecimalType, result: DecimalType): Binary {
  if (result.precision <= 15) return (x, y) => (x as number) * (y as number) + 0;
  const scale = a.scale + b.scale;
  // No product has more digits than its factors together.
  if (scale === result.scale && a.precision + b.precision <= result.precision) return (x, y) => BigInt(x) * BigInt(y);
  return (x, y) => fitDecimal(BigInt(x) * BigInt(y), scale, result);
}

/** Returns the division of two DECIMALs. The divisor must not be zero. */
export function decimalDivide(a: DecimalType, b: DecimalType, result: DecimalType): Binary {
  const shift = result.scale + b.scale - a.scale;
  invariant(shift >= 0, 'the scale of a quotient covers the scale of its dividend');
  const factor = powerOfTen(shift);
  return (x, y) => fitDecimal(divideHalfUp(BigInt(x) * factor, BigInt(y)), result.scale, result);
}

/** Computes the rest, which has the sign of the dividend. The divisor must not be zero. */
export function decimalRemainder(a: DecimalType, b: DecimalType, result: DecimalType): Binary {
  const scale = Math.max(a.scale, b.scale);
  const fa = powerOfTen(scale - a.scale);
  const fb = powerOfTen(scale - b.scale);
  return (x, y) => fitDecimal((BigInt(x) * fa) % (BigInt(y) * fb), scale, result);
}

/** Returns an exact comparison of two values of the given scales. */
export function decimalCompare(scaleA: number, scaleB: number): (a: DecimalValue, b: DecimalValue) => number {
  if (scaleA === scaleB) return (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  const scale = Math.max(scaleA, scaleB);
  const fa = powerOfTen(scale - scaleA);
  const fb = powerOfTen(scale - scaleB);
  return (a, b) => {
    const x = BigInt(a) * fa;
    const y = BigInt(b) * fb;
    return x < y ? -1 : x > y ? 1 : 0;
  };
}

/**
 * Returns an exact number read from text; null if the text is not a number. `12`, `-1.50`, `.5` and
 * `1e3` are numbers.
 */
export function parseExact(text: string): { readonly unscaled: bigint; readonly scale: number } | null {
  const parts = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (parts === null) return null;
  const integral = parts[2]!;
  const fraction = parts[3] ?? '';
  if (integral === '' && fraction === '') return null;
  const exponent = parts[4] === undefined ? 0 : Number(parts[4]);
  // No DECIMAL can hold a number beyond this, and its digits would fill the memory.
  if (Math.abs(exponent) > 1000 || integral.length + fraction.length > 2000) return null;
  let unscaled = BigInt(integral + fraction);
  if (parts[1] === '-') unscaled = -unscaled;
  const scale = fraction.length - exponent;
  return scale >= 0 ? { unscaled, scale } : { unscaled: unscaled * powerOfTen(-scale), scale: 0 };
}

/**
 * Converts a text to an internal value of the type. Returns null if the text is not a number or has
 * too many digits.
 */
export function parseDecimal(text: string, type: DecimalType): DecimalValue | null {
  const exact = parseExact(text);
  return exact === null ? null : fitDecimal(exact.unscaled, exact.scale, type);
}

/**
 * Writes a number without trailing zeros: `1E+2` for 100.00, `1.5`, `1E-7` (Java:
 * BigDecimal.stripTrailingZeros and toString).
 */
export function strippedText(unscaled: bigint, scale: number): string {
  let digits = unscaled;
  let places = digits === 0n ? 0 : scale;
  while (digits !== 0n && digits % 10n === 0n) {
    digits /= 10n;
    places--;
  }
  const text = String(digits < 0n ? -digits : digits);
  const sign = digits < 0n ? '-' : '';
  const exponent = text.length - 1 - places;
  if (places === 0) return sign + text;
  if (places < 0 || exponent < -6) {
    const fraction = text.length > 1 ? `.${text.slice(1)}` : '';
    return `${sign}${text[0]}${fraction}E${exponent < 0 ? '' : '+'}${exponent}`;
  }
  return sign + decimalText(BigInt(text), places);
}

/** Writes the value in plain notation with all digits of the scale: `-0.001`, `12.500`. */
export function decimalText(value: DecimalValue, scale: number): string {
  if (scale === 0) return value.toString();
  const negative = value < 0;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Returns the nearest double. */
export function decimalToNumber(value: DecimalValue, scale: number): number {
  // Both operands are exact doubles, so one division rounds once.
  if (typeof value === 'number' && scale <= 22) return value / NUMBER_POWERS[scale]!;
  return Number(decimalText(value, scale));
}
