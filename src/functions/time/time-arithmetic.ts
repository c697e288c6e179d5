import { addMonths, MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import {
  BIGINT,
  INTERVAL_DAY_TIME,
  isInteger,
  isNumeric,
  isTimestamp,
  typeName,
  withNullable,
} from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import type { ArgumentInfo, Mismatch, Resolution, ScalarKernel } from '../scalar-function.ts';
import { monthsBetween, toMilliseconds } from './time-units.ts';

/**
 * `+`, `-`, `*`, `/` with an interval or two times as operands. Days added to a TIMESTAMP_LTZ are
 * 24 hours, as in Flink.
 */
type Operator = '+' | '-' | '*' | '/' | '%';

const isInterval = (type: DataType): boolean =>
  type.kind === 'interval-day-time' || type.kind === 'interval-year-month';
const isDatetime = (type: DataType): boolean => type.kind === 'date' || type.kind === 'time' || isTimestamp(type);

/**
 * Resolves a call with times. Returns null if no operand is a time, so the operands are numbers.
 */
export function resolveTimeArithmetic(
  operator: Operator,
  infos: readonly ArgumentInfo[],
): Resolution | Mismatch | null {
  const [a, b] = infos.map((info) => info.type) as [DataType, DataType];
  if (![a, b].some((type) => isInterval(type) || isDatetime(type))) return null;
  const nullable = a.nullable || b.nullable;
  const resolved = (result: DataType, args: readonly DataType[] = [a, b]): Resolution => ({
    args,
    result: withNullable(result, nullable),
  });
  if (operator === '+' && isInterval(a) && isDatetime(b)) {
    const extension = { what: 'interval before a TIMESTAMP_LTZ', portable: 'write the time first' };
    return { ...resolved(shifted(b)), ...(b.kind === 'timestamp-ltz' ? { extension } : {}) };
  }
  if ((operator === '+' || operator === '-') && isDatetime(a) && isInterval(b)) {
    if (a.kind !== 'time' || b.kind === 'interval-day-time') return resolved(shifted(a));
  }
  if ((operator === '+' || operator === '-') && isInterval(a) && a.kind === b.kind) return resolved(a);
  if (operator === '-' && isDatetime(a) && a.kind === b.kind) {
    const extension = { what: 'difference of two times without a unit', portable: 'write (a - b) SECOND' };
    return { ...resolved(INTERVAL_DAY_TIME), extension };
  }
  if (operator === '*' && isInterval(a) && isNumeric(b)) return product(resolved(a, [a, asLong(b)]), b);
  if (operator === '*' && isNumeric(a) && isInterval(b)) return product(resolved(b, [asLong(a), b]), a);
  return { mismatch: `cannot be applied to ${typeName(a)} and ${typeName(b)}` };
}

const asLong = (type: DataType): DataType => withNullable(BIGINT, type.nullable);

/** A product of an interval. Flink's planner fails where the factor is no integer. */
function product(resolution: Resolution, factor: DataType): Resolution {
  const extension = {
    what: `product of an interval and ${typeName(withNullable(factor, true))}`,
    portable: 'CAST the number to BIGINT',
  };
  return isInteger(factor) ? resolution : { ...resolution, extension };
}

/**
 * Returns the type without its time attribute. A DATE is still a DATE after hours are added, as in
 * Flink.
 */
function shifted(type: DataType): DataType {
  return isTimestamp(type) ? { kind: type.kind, precision: type.precision, nullable: type.nullable } : type;
}

export function timeArithmeticKernel(operator: string, args: readonly DataType[], result: DataType): ScalarKernel {
  const [a, b] = args as [DataType, DataType];
  if (isDatetime(a) && isDatetime(b)) return differenceKernel(a, b, result);
  if (isInterval(a) && isDatetime(b)) {
    const shift = shiftKernel(b, a);
    return (interval: number, time: number | bigint) => shift(time, interval);
  }
  if (isDatetime(a)) {
    const shift = shiftKernel(a, b);
    return operator === '+' ? shift : (time: number | bigint, interval: number) => shift(time, -interval);
  }
  switch (operator) {
    case '+':
      return (x: number, y: number) => x + y;
    case '-':
      return (x: number, y: number) => x - y;
    default:
      invariant(operator === '*', () => `no interval arithmetic for ${operator}`);
      return (x: number | bigint, y: number | bigint) => Number(x) * Number(y) + 0;
  }
}

type Shift = (time: number | bigint, interval: number) => number | bigint;

/** Moves a time by an interval (milliseconds or months). */
function shiftKernel(type: DataType, interval: DataType): Shift {
  if (interval.kind === 'interval-year-month') {
    if (type.kind === 'date') return (days, months) => addMonths(days as number, months);
    return (time, months) => addMonthsToTime(time, months);
  }
  switch (type.kind) {
    case 'date':
      return (days, ms) => (days as number) + Math.trunc(ms / MS_PER_DAY);
    case 'time':
      return (time, ms) => ((((time as number) + ms) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
    default:
      return (time, ms) => (typeof time === 'bigint' ? time + BigInt(ms) * NS_PER_MS : time + ms);
  }
}

/**
 * Adds calendar months and keeps the time of day. Times are milliseconds (number) or nanoseconds
 * (bigint).
 */
export function addMonthsToTime(time: number | bigint, months: number): number | bigint {
  if (typeof time === 'bigint') {
    const perDay = BigInt(MS_PER_DAY) * NS_PER_MS;
    const ofDay = ((time % perDay) + perDay) % perDay;
    const days = Number((time - ofDay) / perDay);
    return BigInt(addMonths(days, months)) * perDay + ofDay;
  }
  const days = Math.floor(time / MS_PER_DAY);
  return addMonths(days, months) * MS_PER_DAY + (time - days * MS_PER_DAY);
}

/**
 * Creates the kernel of a difference. The result's type in the plan decides between milliseconds
 * and whole months: `(a - b) DAY`, `(a - b) MONTH`.
 */
function differenceKernel(a: DataType, b: DataType, result: DataType): ScalarKernel {
  const left = toMilliseconds(a);
  const right = toMilliseconds(b);
  if (result.kind === 'interval-year-month') return (x: number, y: number) => monthsBetween(left(x), right(y));
  return (x: number | bigint, y: number | bigint) => left(x) - right(y);
}
