/**
 * Converts the texts of DATE, TIME, TIMESTAMP and INTERVAL literals to internal values. These
 * functions are stricter than CAST: they refuse an invalid literal.
 */

const DATE_TEXT = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME_TEXT = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?$/;

/** Returns the days since 1970-01-01, or null. */
export function parseDate(text: string): number | null {
  const found = DATE_TEXT.exec(text.trim());
  if (found === null) return null;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const same = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return same ? Math.round(date.getTime() / 86_400_000) : null;
}

/** Returns the milliseconds of the day and the number of fraction digits, or null. */
export function parseTime(
  text: string,
): { readonly ms: number; readonly nanos: bigint; readonly precision: number } | null {
  const found = TIME_TEXT.exec(text.trim());
  if (found === null) return null;
  const [hour, minute, second] = [Number(found[1]), Number(found[2]), Number(found[3] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const fraction = found[4] ?? '';
  const nanos = BigInt((hour * 60 + minute) * 60 + second) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
  return { ms: Number(nanos / 1_000_000n), nanos, precision: fraction.length };
}

/** Returns the nanoseconds since 1970-01-01 00:00 and the precision, or null. */
export function parseTimestamp(text: string): { readonly nanos: bigint; readonly precision: number } | null {
  const trimmed = text.trim();
  const space = trimmed.indexOf(' ');
  const days = parseDate(space < 0 ? trimmed : trimmed.slice(0, space));
  const time = space < 0 ? { nanos: 0n, precision: 0 } : parseTime(trimmed.slice(space + 1));
  if (days === null || time === null) return null;
  return { nanos: BigInt(days) * 86_400_000_000_000n + time.nanos, precision: time.precision };
}

export interface ParsedInterval {
  /** Milliseconds, or months. */
  readonly value: number;
  readonly leadingDigits: number;
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  WEEK: 604_800_000,
  DAY: 86_400_000,
  HOUR: 3_600_000,
  MINUTE: 60_000,
  SECOND: 1000,
};
const MONTHS: Readonly<Record<string, number>> = { YEAR: 12, QUARTER: 3, MONTH: 1 };
const DAY_TIME = ['DAY', 'HOUR', 'MINUTE', 'SECOND'];

export function parseInterval(text: string, from: string, to: string): ParsedInterval | null {
  const found = /^\s*([+-]?)\s*(.*?)\s*$/.exec(text)!;
  const sign = found[1] === '-' ? -1 : 1;
  const body = found[2]!;
  if (from === to) {
    const months = MONTHS[from];
    const pattern = from === 'SECOND' ? /^(\d+)(?:\.(\d{1,9}))?$/ : /^(\d+)$/;
    const number = pattern.exec(body);
    if (number === null) return null;
    const unit = months ?? MILLISECONDS[from]!;
    const fraction = Number((number[2] ?? '').padEnd(3, '0').slice(0, 3));
    return { value: sign * (Number(number[1]) * unit + fraction) || 0, leadingDigits: number[1]!.length };
  }
  if (from === 'YEAR' && to === 'MONTH') {
    const number = /^(\d+)-(\d{1,2})$/.exec(body);
    if (number === null || Number(number[2]) > 11) return null;
    return { value: sign * (Number(number[1]) * 12 + Number(number[2])), leadingDigits: number[1]!.length };
  }
  const first = DAY_TIME.indexOf(from);
  const last = DAY_TIME.indexOf(to);
  if (first < 0 || last <= first) return null;
  const parts = body.split(/[\s:]+/);
  if (parts.length !== last - first + 1) return null;
  let value = 0;
  for (const [i, part] of parts.entries()) {
    const unit = DAY_TIME[first + i]!;
    const number = (unit === 'SECOND' ? /^(\d+)(?:\.(\d{1,9}))?$/ : /^(\d+)$/).exec(part);
    const bound = unit === 'HOUR' ? 23 : 59;
    if (number === null || (i > 0 && Number(number[1]) > bound)) return null;
    value += Number(number[1]) * MILLISECONDS[unit]! + Number((number[2] ?? '').padEnd(3, '0').slice(0, 3));
  }
  return { value: sign * value, leadingDigits: parts[0]!.length };
}
