import { trimJava } from '../core/java-text.ts';

/**
 * Writes a double like Java: `1.0`, `0.1`, `1.0E10`, `1.0E-5`, `NaN`, `Infinity`. The digits are
 * the fewest that identify the number, as in JS. Only the notation differs: it is plain from 10^-3
 * up to 10^7, and scientific outside.
 */
export function doubleText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) {
    const text = String(value);
    return text.includes('.') ? text : `${text}.0`;
  }
  return scientific(value.toExponential());
}

/** Writes a FLOAT with the fewest digits that identify the 32-bit number. */
export function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return doubleText(value);
  for (let digits = 1; digits <= 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return doubleText(Number(text));
  }
  return doubleText(value);
}

function scientific(exponential: string): string {
  const [mantissa, exponent] = exponential.split('e') as [string, string];
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}E${exponent.replace('+', '')}`;
}

/**
 * Returns an integer written in text as Flink's CAST reads it: a sign, digits, and a fraction that
 * is cut. Null if the text is not a number.
 */
export function parseInteger(text: string): bigint | null {
  const parts = /^([+-]?)(\d*)(\.\d*)?$/.exec(trimJava(text));
  if (parts === null || parts[2]!.length > 40 || (parts[2] === '' && parts[3] === undefined)) return null;
  const value = BigInt(parts[2]!);
  return parts[1] === '-' ? -value : value;
}

/** The parts are the sign, the digits before and after the point, and the exponent of 2. */
function hexadecimalDouble([, sign, whole, fraction, exponent]: RegExpExecArray): number {
  const digits = Number(BigInt(`0x${whole}${fraction}`));
  const magnitude = digits * 2 ** (Number(exponent) - 4 * fraction!.length);
  return sign === '-' ? -magnitude : magnitude;
}

/** Returns a floating-point number in text as Java reads it. Null if the text is not a number. */
export function parseDouble(text: string): number | null {
  const parts = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[dDfF]?$/.exec(trimJava(text));
  if (parts !== null) return Number(parts[1]);
  const hexadecimal = /^([+-]?)0[xX](?=\.?[\da-fA-F])([\da-fA-F]*)\.?([\da-fA-F]*)[pP]([+-]?\d{1,6})[dDfF]?$/.exec(
    trimJava(text),
  );
  if (hexadecimal !== null) return hexadecimalDouble(hexadecimal);
  switch (trimJava(text)) {
    case 'NaN':
    case '+NaN':
    case '-NaN':
      return Number.NaN;
    case 'Infinity':
    case '+Infinity':
      return Number.POSITIVE_INFINITY;
    case '-Infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return null;
  }
}
