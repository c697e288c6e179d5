import { addMonths, MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import { INT, isInteger, isTimestamp, timestamp, typeName, withNullable } from '../../core/data-type.ts';
import { literalText } from '../define.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { addMonthsToTime } from './time-arithmetic.ts';
import { monthsBetween, toMilliseconds } from './time-units.ts';

/** TIMESTAMPADD and TIMESTAMPDIFF. */
const MS_OF_UNIT: Readonly<Record<string, number>> = {
  MILLISECOND: 1,
  MICROSECOND: 0.001,
  NANOSECOND: 0.000001,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: MS_PER_DAY,
  WEEK: 7 * MS_PER_DAY,
};
const MONTHS_OF_UNIT: Readonly<Record<string, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };

/** Converts a unit. `SQL_TSI_DAY` and similar names are the same units under ODBC's names. */
const unitOf = (text: string): string => text.toUpperCase().replace(/^SQL_TSI_/, '');
const isUnit = (unit: string): boolean => unit in MS_OF_UNIT || unit in MONTHS_OF_UNIT;
const isTime = (type: DataType): boolean => type.kind === 'date' || isTimestamp(type);

const add: ScalarFunction = {
  name: 'TIMESTAMPADD',
  summary: 'The time plus `n` units. A DATE plus hours, minutes or seconds is a TIMESTAMP(3).',
  resolve(infos) {
    const unit = literalText(infos[0]);
    if (infos.length !== 3 || unit === null) return { mismatch: 'expects a unit, a number and a time' };
    // An interval has no digits below a millisecond.
    if (!isUnit(unitOf(unit)) || MS_OF_UNIT[unitOf(unit)]! < 1) return { mismatch: `unknown unit ${unit}` };
    const [, count, time] = infos.map((info) => info.type) as [DataType, DataType, DataType];
    if (!isInteger(count)) return { mismatch: `expects an integer as argument 2, got ${typeName(count)}` };
    if (!isTime(time) && time.kind !== 'time') {
      return { mismatch: `expects a DATE, TIME or TIMESTAMP as argument 3, got ${typeName(time)}` };
    }
    const nullable = count.nullable || time.nullable;
    // Hours added to a DATE make it a TIMESTAMP.
    const finer = time.kind === 'date' && (MS_OF_UNIT[unitOf(unit)] ?? MS_PER_DAY) < MS_PER_DAY;
    const result = finer
      ? timestamp(6)
      : isTimestamp(time)
        ? { kind: time.kind, precision: time.precision, nullable }
        : time;
    return { args: [infos[0]!.type, withNullable(INT, count.nullable), time], result: withNullable(result, nullable) };
  },
  scalar([, , type], result) {
    return (name: string, count: number, value: number | bigint) => {
      const unit = unitOf(name);
      const months = MONTHS_OF_UNIT[unit];
      if (months !== undefined) {
        if (type!.kind === 'date') return addMonths(value as number, months * count);
        return addMonthsToTime(value, months * count);
      }
      const ms = MS_OF_UNIT[unit]! * count;
      if (type!.kind === 'date') {
        return result.kind === 'date' ? (value as number) + ms / MS_PER_DAY : (value as number) * MS_PER_DAY + ms;
      }
      if (type!.kind === 'time') return ((((value as number) + ms) % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
      return typeof value === 'bigint' ? value + BigInt(ms) * NS_PER_MS : value + ms;
    };
  },
};

const difference: ScalarFunction = {
  name: 'TIMESTAMPDIFF',
  summary: 'The number of whole units from one time to the other.',
  resolve(infos) {
    const unit = literalText(infos[0]);
    if (infos.length !== 3 || unit === null) return { mismatch: 'expects a unit and two times' };
    if (!isUnit(unitOf(unit))) return { mismatch: `unknown unit ${unit}` };
    const [unitType, from, to] = infos.map((info) => info.type) as [DataType, DataType, DataType];
    for (const type of [from, to]) {
      if (!isTime(type) && type.kind !== 'time') return { mismatch: `expects a date or time, got ${typeName(type)}` };
    }
    if ((from.kind === 'timestamp-ltz') !== (to.kind === 'timestamp-ltz')) {
      return {
        mismatch: `cannot count from ${typeName(from)} to ${typeName(to)}`,
        hint: 'CAST one side to the type of the other',
      };
    }
    const mixed = (from.kind === 'time') !== (to.kind === 'time') && unitOf(unit) in MS_OF_UNIT;
    const extension = { what: 'TIMESTAMPDIFF of a TIME and another time' };
    return {
      args: [unitType, from, to],
      ...(mixed ? { extension } : {}),
      result: withNullable(INT, from.nullable || to.nullable),
    };
  },
  scalar([, from, to]) {
    const start = toMilliseconds(from!);
    const end = toMilliseconds(to!);
    return (name: string, a: number | bigint, b: number | bigint) => {
      const unit = unitOf(name);
      const months = MONTHS_OF_UNIT[unit];
      const count =
        months === undefined
          ? wholeUnits(end(b) - start(a), unit)
          : Math.trunc(monthsBetween(end(b), start(a)) / months);
      // The result is an INT, and wraps as one.
      return Number(BigInt.asIntN(32, BigInt(count)));
    };
  },
};

/**
 * Returns the units in a difference of milliseconds, cut towards 0. Below SECOND only whole seconds
 * count, as in Flink (measured).
 */
function wholeUnits(ms: number, unit: string): number {
  const perSecond = { MILLISECOND: 1e3, MICROSECOND: 1e6, NANOSECOND: 1e9 }[unit];
  return perSecond === undefined ? Math.trunc(ms / MS_OF_UNIT[unit]!) : Math.trunc(ms / 1000) * perSecond;
}

export const TIME_SHIFTING: readonly ScalarFunction[] = [add, difference];
