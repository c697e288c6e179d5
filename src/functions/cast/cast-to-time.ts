import { MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';
import type { DataType, TimestampType } from '../../core/data-type.ts';
import { isText, isTimestamp } from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import type { FunctionEnvironment } from '../scalar-function.ts';
import {
  cutPrecision,
  parseDate,
  parseTime,
  parseTimestamp,
  splitTimestamp,
  timestampOfNanos,
} from '../time/time-text.ts';
import { timeZone } from '../time/time-zone.ts';
import type { Converter } from './converter.ts';

/**
 * Casts to DATE, TIME, TIMESTAMP and TIMESTAMP_LTZ. Local and absolute times are converted to each
 * other in the session's zone.
 */
export function toTime(from: DataType, to: DataType, environment: FunctionEnvironment): Converter | null {
  const zone = timeZone(environment.zone);
  if (isTimestamp(to)) return toTimestamp(from, to, environment);
  const local = (value: unknown): number | bigint =>
    from.kind === 'timestamp-ltz' ? shiftTimestamp(value as number | bigint, zone.toLocal) : (value as number | bigint);
  if (to.kind === 'date') {
    if (isTimestamp(from)) return (value) => splitTimestamp(local(value)).days;
    return isText(from) ? (value) => parseDate(value as string) ?? undefined : null;
  }
  invariant(to.kind === 'time', 'a date or a time is wanted');
  const unit = 10 ** Math.max(0, 3 - to.precision);
  const cut = (ms: number) => Math.floor(ms / unit) * unit;
  if (from.kind === 'time') return (value) => cut(value as number);
  if (isTimestamp(from)) return (value) => cut(splitTimestamp(local(value)).ms);
  if (!isText(from)) return null;
  return (value) => {
    const ms = parseTime(value as string);
    return ms === null ? undefined : cut(ms);
  };
}

function toTimestamp(from: DataType, to: TimestampType, environment: FunctionEnvironment): Converter | null {
  const zone = timeZone(environment.zone);
  const absolute = to.kind === 'timestamp-ltz';
  const store = (local: number | bigint): number | bigint => (absolute ? shiftTimestamp(local, zone.toInstant) : local);
  const fromMs = (ms: number): number | bigint => (to.precision > 3 ? BigInt(ms) * NS_PER_MS : ms);
  switch (from.kind) {
    case 'date':
      return (value) => store(fromMs((value as number) * MS_PER_DAY));
    case 'time':
      return (value) => store(fromMs(value as number));
    case 'timestamp':
      return (value) => store(cutPrecision(value as number | bigint, from.precision, to.precision));
    case 'timestamp-ltz':
      if (absolute) return (value) => cutPrecision(value as number | bigint, from.precision, to.precision);
      return (value) =>
        shiftTimestamp(cutPrecision(value as number | bigint, from.precision, to.precision), zone.toLocal);
    default:
      if (!isText(from)) return null;
      return (value) => {
        const nanos = parseTimestamp(value as string);
        return nanos === null ? undefined : store(timestampOfNanos(nanos, to.precision));
      };
  }
}

/**
 * Applies a change of milliseconds to a TIMESTAMP's value. Its digits below milliseconds do not
 * change.
 */
export function shiftTimestamp(value: number | bigint, shift: (ms: number) => number): number | bigint {
  if (typeof value === 'number') return shift(value);
  const below = ((value % NS_PER_MS) + NS_PER_MS) % NS_PER_MS;
  return BigInt(shift(Number((value - below) / NS_PER_MS))) * NS_PER_MS + below;
}
