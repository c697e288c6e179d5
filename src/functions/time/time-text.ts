import { civilFromDays, daysFromCivil, daysInMonth, MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';

/** Dates and times as SQL text, read as Flink's CAST reads them and written as it writes them. */

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

/** `2024-03-05`. */
export function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/**
 * Writes the digits of the second's fraction, given as nanoseconds. `'trimmed'` omits zeros at the
 * end, and the point if no digit is left.
 */
export function fractionText(nanos: number, digits: number | 'trimmed'): string {
  const all = String(nanos).padStart(9, '0');
  const shown = digits === 'trimmed' ? all.replace(/0+$/, '') : all.slice(0, digits);
  return shown === '' ? '' : `.${shown}`;
}

/** Writes milliseconds of the day: `10:11:12.345`. */
export function timeText(ms: number, digits: number | 'trimmed'): string {
  const seconds = Math.floor(ms / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return clock + fractionText((ms - seconds * 1000) * 1e6, digits);
}

/**
 * Returns a TIMESTAMP's value split into days and the rest: milliseconds of the day and nanoseconds
 * of the second.
 */
export function splitTimestamp(value: number | bigint): {
  readonly days: number;
  readonly ms: number;
  readonly nanos: number;
} {
  if (typeof value === 'number') {
    const days = Math.floor(value / MS_PER_DAY);
    const ms = value - days * MS_PER_DAY;
    return { days, ms, nanos: (ms % 1000) * 1e6 };
  }
  const below = ((value % NS_PER_MS) + NS_PER_MS) % NS_PER_MS;
  const total = Number((value - below) / NS_PER_MS);
  const days = Math.floor(total / MS_PER_DAY);
  const ms = total - days * MS_PER_DAY;
  return { days, ms, nanos: (ms % 1000) * 1e6 + Number(below) };
}

/** Writes a TIMESTAMP: `2024-03-05 10:11:12.345`. */
export function timestampText(value: number | bigint, digits: number | 'trimmed'): string {
  const { days, ms, nanos } = splitTimestamp(value);
  return `${dateText(days)} ${timeText(ms - (ms % 1000), 0)}${fractionText(nanos, digits)}`;
}

/**
 * Reads the days of a text such as `2024-03-05`, `2024-3-5` or `2024`, with or without a time after
 * it. Returns null if the text is not a date. Refuses a day that the month does not have.
 */
export function parseDate(text: string): number | null {
  const blank = text.indexOf(' ');
  const parts = /^\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*(?:-\s*(\d{1,9})\s*)?)?$/.exec(
    blank > 0 ? text.slice(0, blank) : text,
  );
  if (parts === null) return null;
  const year = Number(parts[1]);
  const month = Number(parts[2] ?? 1);
  const day = Number(parts[3] ?? 1);
  if (year > 9999 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, day);
}

/**
 * Reads the milliseconds of the day of a text such as `10:11:12.345`, `10:11` or `10`. Returns null
 * if the text is not a time.
 */
export function parseTime(text: string): number | null {
  const nanos = parseTimeNanos(text.trim());
  return nanos === null ? null : Math.floor(nanos / 1e6);
}

function parseTimeNanos(text: string): number | null {
  const parts = /^(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?$/.exec(text);
  if (parts === null) return null;
  const hour = Number(parts[1]);
  const minute = Number(parts[2] ?? 0);
  const second = Number(parts[3] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1e9 + Number((parts[4] ?? '').padEnd(9, '0'));
}

/**
 * Reads the nanoseconds of a text such as `2024-03-05 10:11:12.345678` or `2024-03-05`. Returns
 * null if the text is not a timestamp. A day of 29 to 31 that the month does not have becomes the
 * month's last day, as in Flink (measured: `2024-02-30` as TIMESTAMP is 2024-02-29).
 */
export function parseTimestamp(text: string): bigint | null {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{1,9})?))?$/.exec(text);
  if (parts === null) return null;
  const year = Number(parts[1]);
  const month = Number(parts[2]);
  const day = Number(parts[3]);
  if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31) return null;
  // Midnight at the end of a day is the start of the next day.
  const nanos = parts[4] === undefined ? 0 : parts[4] === '24:00:00' ? MS_PER_DAY * 1e6 : parseTimeNanos(parts[4]);
  if (nanos === null) return null;
  const days = daysFromCivil(year, month, Math.min(day, daysInMonth(year, month)));
  return BigInt(days) * BigInt(MS_PER_DAY) * NS_PER_MS + BigInt(nanos);
}

/** Converts nanoseconds to the value of a TIMESTAMP of a precision. Cuts later digits. */
export function timestampOfNanos(nanos: bigint, precision: number): number | bigint {
  return cutPrecision(nanos, 9, precision);
}

const NANOS_PER_DIGIT = Array.from({ length: 10 }, (_, p) => 10n ** BigInt(9 - p));

/** Returns a TIMESTAMP's value at another precision: digits beyond it are cut towards the past. */
export function cutPrecision(value: number | bigint, from: number, to: number): number | bigint {
  if (to > 3) {
    const nanos = typeof value === 'bigint' ? value : BigInt(value) * NS_PER_MS;
    return to >= from ? nanos : floorTo(nanos, NANOS_PER_DIGIT[to]!);
  }
  const ms = typeof value === 'bigint' ? Number(floorTo(value, NS_PER_MS) / NS_PER_MS) : value;
  if (to === 3 || to >= from) return ms;
  const unit = 10 ** (3 - to);
  return Math.floor(ms / unit) * unit;
}

const floorTo = (value: bigint, unit: bigint): bigint => value - (((value % unit) + unit) % unit);

/** Writes a day-time interval: `+59 23:59:59.999`. */
export function dayTimeIntervalText(ms: number): string {
  const size = Math.abs(ms);
  const days = Math.floor(size / MS_PER_DAY);
  return `${ms < 0 ? '-' : '+'}${days} ${timeText(size - days * MS_PER_DAY, 3)}`;
}

/** Writes a year-month interval: `+1-02`. */
export function yearMonthIntervalText(months: number): string {
  const size = Math.abs(months);
  return `${months < 0 ? '-' : '+'}${Math.floor(size / 12)}-${two(size % 12)}`;
}
