import { daysInMonth } from '../../core/calendar.ts';

const QUOTE = 34;
/** The letter `Z`. */
const ZULU = 90;

/**
 * The last `YYYY-MM-DD HH:MM:` as bytes, and its milliseconds. Most timestamps of a stream have the
 * same minute as the previous timestamp, so they need no calendar calculation.
 */
export class MinuteClock {
  readonly prefix = new Uint8Array(17);
  readonly view = new DataView(this.prefix.buffer);
  /** Milliseconds since 1970 of the minute in `prefix`. */
  ms = Number.NaN;

  /** The position of the quote mark after the text that was read last. */
  end = 0;

  readonly #separator: number;

  /** `separator` is the byte between date and time: a blank, or `T` in ISO-8601. */
  constructor(separator: ' ' | 'T' = ' ') {
    this.#separator = separator.charCodeAt(0);
  }

  /**
   * Reads `YYYY-MM-DD HH:MM:SS` with an optional fraction of at most three digits, up to a quote
   * mark. With `zone`, a `Z` follows. Returns milliseconds since 1970; NaN if the bytes do not have
   * this form.
   */
  read(bytes: Uint8Array, p: number, zone: boolean): number {
    const { prefix } = this;
    for (let i = 0; i < 17; i++) {
      if (bytes[p + i] === prefix[i]) continue;
      if (!this.set(bytes, p)) return Number.NaN;
      break;
    }
    const tens = bytes[p + 17]! - 48;
    const ones = bytes[p + 18]! - 48;
    if (!(tens >= 0 && tens <= 5 && ones >= 0 && ones <= 9)) return Number.NaN;
    let ms = (tens * 10 + ones) * 1000;
    let at = p + 19;
    if (bytes[at] === 46) {
      let unit = 100;
      for (at++; unit >= 1 && isDigit(bytes[at]!); unit /= 10) ms += (bytes[at++]! - 48) * unit;
      if (unit === 100) return Number.NaN;
    }
    if (zone && bytes[at++] !== ZULU) return Number.NaN;
    if (bytes[at] !== QUOTE) return Number.NaN;
    this.end = at;
    return this.ms + ms;
  }

  /** Reads the minute at `p`. Returns false if the bytes are not a date and time in this form. */
  set(bytes: Uint8Array, p: number): boolean {
    const two = (at: number): number => {
      const a = bytes[p + at]! - 48;
      const b = bytes[p + at + 1]! - 48;
      return a < 0 || a > 9 || b < 0 || b > 9 ? Number.NaN : a * 10 + b;
    };
    if (bytes[p + 4] !== 45 || bytes[p + 7] !== 45 || bytes[p + 10] !== this.#separator) return false;
    if (bytes[p + 13] !== 58 || bytes[p + 16] !== 58) return false;
    const year = two(0) * 100 + two(2);
    const month = two(5);
    const day = two(8);
    const hour = two(11);
    const minute = two(14);
    if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59)) return false;
    if (day > daysInMonth(year, month)) return false;
    const date = new Date(0);
    date.setUTCFullYear(year, month - 1, day);
    this.ms = date.getTime() + (hour * 60 + minute) * 60000;
    for (let i = 0; i < 17; i++) this.prefix[i] = bytes[p + i]!;
    return true;
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
