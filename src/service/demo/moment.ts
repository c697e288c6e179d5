import type { DataType } from '../../core/data-type.ts';

/** `2026-01-31 10:00:00`, with optional `T`, fraction and `Z`. */
const TEXT = /^(\d{4})-(\d\d)-(\d\d)([ T])(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z?)$/;

/**
 * Converts a JSON value to a time in milliseconds. Returns null if the value is not a time. A
 * number is in seconds, milliseconds or microseconds since 1970, depending on its size.
 */
export function momentOf(value: unknown): number | null {
  if (typeof value === 'number') return value / unitsPerMillisecond(value);
  if (typeof value !== 'string') return null;
  const found = TEXT.exec(value);
  if (found === null) return null;
  const [, year, month, day, , hour, minute, second, fraction] = found;
  const ms = Number((fraction ?? '').padEnd(3, '0').slice(0, 3));
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second), ms);
}

const unitsPerMillisecond = (value: number): number => (value < 1e11 ? 0.001 : value < 1e14 ? 1 : 1000);

/** Shifts an internal value of a column by milliseconds and keeps its form. */
export function moveMoment(value: unknown, type: DataType, byMs: number): unknown {
  if (value === null) return null;
  if (type.kind === 'timestamp' || type.kind === 'timestamp-ltz') {
    return typeof value === 'bigint' ? value + BigInt(byMs) * 1_000_000n : (value as number) + byMs;
  }
  if (typeof value === 'number') return Math.round(value + byMs * unitsPerMillisecond(value));
  return typeof value === 'string' ? moveText(value, byMs) : value;
}

function moveText(text: string, byMs: number): string {
  const at = momentOf(text);
  if (at === null) return text;
  const [, , , , separator, , , , fraction, zone] = TEXT.exec(text)!;
  const moved = new Date(at + byMs).toISOString();
  const tail =
    fraction === undefined ? '' : `.${moved.slice(20, 23)}${fraction.slice(3)}`.slice(0, 1 + fraction.length);
  return `${moved.slice(0, 10)}${separator}${moved.slice(11, 19)}${tail}${zone}`;
}
