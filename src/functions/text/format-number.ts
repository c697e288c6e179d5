import { FormatFault, type FormatSpecifier } from './format-specifiers.ts';

/** Formats a whole number for `d`, `o` and `x`. `bits`: the width of its type. */
export function formatInteger(value: bigint, bits: number, specifier: FormatSpecifier): string {
  const { conversion, flags, width } = specifier;
  if (conversion === 'd') {
    const digits = (value < 0n ? -value : value).toString();
    return signed(value < 0n, flags.includes(',') ? grouped(digits) : digits, specifier);
  }
  if (/[+ (]/.test(flags)) throw new FormatFault('a flag does not fit');
  const digits = BigInt.asUintN(bits, value).toString(conversion === 'o' ? 8 : 16);
  const prefix = flags.includes('#') ? (conversion === 'o' ? '0' : '0x') : '';
  return prefix + (flags.includes('0') ? digits.padStart(width! - prefix.length, '0') : digits);
}

/** Formats a DOUBLE for `f`, `e`, `g` and `a`. The digits are those of its shortest text. */
export function formatDouble(value: number, specifier: FormatSpecifier): string {
  const { flags } = specifier;
  if (!Number.isFinite(value)) {
    if (Number.isNaN(value)) return 'NaN';
    return signed(value < 0, 'Infinity', { ...specifier, flags: flags.replace('0', '') });
  }
  const isNegative = value < 0 || Object.is(value, -0);
  return signed(isNegative, magnitude(Math.abs(value), specifier), specifier);
}

function magnitude(value: number, { conversion, precision, flags }: FormatSpecifier): string {
  const point = flags.includes('#') ? '.' : '';
  const group = (text: string): string => (flags.includes(',') ? grouped(text) : text);
  switch (conversion) {
    case 'f':
      return group(fixed(value, precision ?? 6, point));
    case 'e':
      return scientific(value, precision ?? 6, point);
    case 'g': {
      const digits = precision === null ? 6 : Math.max(1, precision);
      if (value === 0) return group(fixed(0, digits - 1, ''));
      const exponent = round(digitsOf(value), digits).exponent;
      if (exponent < -4 || exponent >= digits) return scientific(value, digits - 1, '');
      return group(fixed(value, digits - exponent - 1, ''));
    }
    default:
      if (precision !== null) throw new FormatFault('a precision does not fit');
      return hexadecimal(value);
  }
}

/** A number as d.ddd × 10^exponent. */
interface Digits {
  readonly digits: string;
  readonly exponent: number;
}

/** Returns the digits of the shortest text of a number. */
function digitsOf(value: number): Digits {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return { digits: mantissa.replace('.', ''), exponent: Number(exponent) };
}

/** Rounds to a number of digits, half up. */
function round({ digits, exponent }: Digits, count: number): Digits {
  if (count >= digits.length) return { digits: digits.padEnd(count, '0'), exponent };
  if (count < 0) return { digits: '0', exponent: 0 };
  const kept = BigInt(digits.slice(0, count) || '0') + (digits[count]! >= '5' ? 1n : 0n);
  const text = kept.toString().padStart(count, '0');
  return text.length > count ? { digits: text, exponent: exponent + 1 } : { digits: text, exponent };
}

function fixed(value: number, places: number, point: string): string {
  const number = digitsOf(value);
  const { digits, exponent } = value === 0 ? { digits: '0', exponent: 0 } : round(number, number.exponent + 1 + places);
  // `digits` has exponent + 1 digits before the point if the exponent is not negative
  const scaled = BigInt(digits || '0').toString();
  const zeros = places - (digits.length - 1 - exponent);
  const all = (zeros > 0 ? scaled + '0'.repeat(zeros) : scaled.slice(0, scaled.length + zeros)).padStart(
    places + 1,
    '0',
  );
  const whole = all.slice(0, all.length - places);
  return places === 0 ? whole + point : `${whole}.${all.slice(all.length - places)}`;
}

function scientific(value: number, places: number, point: string): string {
  const { digits, exponent } = round(digitsOf(value), places + 1);
  const fraction = digits.slice(1, places + 1);
  const sign = exponent < 0 ? '-' : '+';
  return `${digits[0]}${fraction === '' ? point : `.${fraction}`}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** Returns the text of `Double.toHexString`. */
function hexadecimal(value: number): string {
  if (value === 0) return '0x0.0p0';
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const exponent = Number((all >> 52n) & 0x7ffn);
  const fraction = (all & 0xfffffffffffffn).toString(16).padStart(13, '0').replace(/0+$/, '') || '0';
  return exponent === 0 ? `0x0.${fraction}p-1022` : `0x1.${fraction}p${exponent - 1023}`;
}

const grouped = (text: string): string => text.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));

/** Adds the sign, and zeros up to the width. */
function signed(isNegative: boolean, text: string, { flags, width }: FormatSpecifier): string {
  const brackets = isNegative && flags.includes('(');
  const before = brackets ? '(' : isNegative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const after = brackets ? ')' : '';
  const zeros = flags.includes('0') ? Math.max(0, width! - before.length - text.length - after.length) : 0;
  return `${before}${'0'.repeat(zeros)}${text}${after}`;
}
