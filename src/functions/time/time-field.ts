import { civilFromDays, dayOfWeek, isoWeek, MS_PER_DAY } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import { BIGINT, isTimestamp, typeName, withNullable } from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import { literalText } from '../define.ts';
import type { FunctionEnvironment, Mismatch, ScalarFunction } from '../scalar-function.ts';
import { dayOfYear } from './format-date.ts';
import { toMilliseconds } from './time-units.ts';
import { timeZone } from './time-zone.ts';

/**
 * EXTRACT and its short forms. Fields of a TIMESTAMP come from its milliseconds cut towards 1970,
 * as in Flink: before 1970 they are those of the next unit, and fields of the time of day are
 * negative (measured, conformance cases `extract`, `floor-before-1970`). A DATE's fields are right.
 */
const DATE_UNITS: Readonly<Record<string, (days: number) => number>> = {
  MILLENNIUM: (days) => Math.ceil(civilFromDays(days).year / 1000),
  CENTURY: (days) => Math.ceil(civilFromDays(days).year / 100),
  DECADE: (days) => Math.floor(civilFromDays(days).year / 10),
  YEAR: (days) => civilFromDays(days).year,
  ISOYEAR: (days) => isoWeek(days).year,
  QUARTER: (days) => Math.ceil(civilFromDays(days).month / 3),
  MONTH: (days) => civilFromDays(days).month,
  WEEK: (days) => isoWeek(days).week,
  DOY: (days) => dayOfYear({ days, year: civilFromDays(days).year }),
  DAY: (days) => civilFromDays(days).day,
  DOW: (days) => dayOfWeek(days) + 1,
  ISODOW: (days) => dayOfWeek(days) || 7,
};

/**
 * From the milliseconds of the day (or of an interval); `+ 0` because a negative time below the
 * unit must not become -0.
 */
const TIME_UNITS: Readonly<Record<string, (ms: number) => number>> = {
  HOUR: (ms) => Math.trunc(ms / 3_600_000) + 0,
  MINUTE: (ms) => (Math.trunc(ms / 60_000) % 60) + 0,
  SECOND: (ms) => (Math.trunc(ms / 1000) % 60) + 0,
  MILLISECOND: (ms) => (ms % 1000) + 0,
};

/**
 * Returns the reader of digits below milliseconds. Such digits exist only in TIMESTAMP with p > 3.
 */
function subSecond(unit: string): ((value: number | bigint) => number) | null {
  const perSecond = { MICROSECOND: 1_000_000n, NANOSECOND: 1_000_000_000n }[unit];
  if (perSecond === undefined) return null;
  const divisor = 1_000_000_000n / perSecond;
  return (value) => {
    const nanos = typeof value === 'bigint' ? value : BigInt(value) * 1_000_000n;
    return Number((nanos % 1_000_000_000n) / divisor);
  };
}

const ALIASES: Readonly<Record<string, string>> = { DAYOFYEAR: 'DOY', DAYOFMONTH: 'DAY', DAYOFWEEK: 'DOW' };

type FieldReader = (value: number | bigint) => number;

/** Returns a reader of the unit; null: the type does not have this unit. */
function fieldReader(unit: string, type: DataType, environment: FunctionEnvironment): FieldReader | null {
  const ofDate = DATE_UNITS[unit];
  const ofTime = TIME_UNITS[unit];
  switch (type.kind) {
    case 'date':
      if (unit === 'EPOCH') return (days) => (days as number) * 86_400;
      if (ofDate !== undefined) return (days) => ofDate(days as number);
      return ofTime !== undefined || subSecond(unit) ? () => 0 : null;
    case 'time':
      return ofTime === undefined ? subSecond(unit) : (ms) => ofTime(ms as number);
    case 'interval-year-month':
      if (unit === 'YEAR') return (months) => Math.trunc((months as number) / 12) + 0;
      return unit === 'MONTH' ? (months) => ((months as number) % 12) + 0 : null;
    case 'interval-day-time':
      if (unit === 'DAY') return (ms) => Math.trunc((ms as number) / MS_PER_DAY) + 0;
      return ofTime === undefined ? null : (ms) => ofTime((ms as number) % MS_PER_DAY);
    default:
      return isTimestamp(type) ? timestampField(unit, type, environment) : null;
  }
}

function timestampField(unit: string, type: DataType, environment: FunctionEnvironment): FieldReader | null {
  const milliseconds = toMilliseconds(type);
  const zone = timeZone(environment.zone);
  const local: FieldReader =
    type.kind === 'timestamp-ltz' ? (value) => zone.toLocal(milliseconds(value)) : milliseconds;
  // EPOCH of a TIMESTAMP_LTZ also uses the local time (measured), although Unix time needs no zone.
  if (unit === 'EPOCH') return (value) => Math.trunc(local(value) / 1000) + 0;
  const ofDate = DATE_UNITS[unit];
  if (ofDate !== undefined) return (value) => ofDate(Math.trunc(local(value) / MS_PER_DAY));
  const ofTime = TIME_UNITS[unit];
  if (ofTime !== undefined) return (value) => ofTime(local(value) % MS_PER_DAY);
  return subSecond(unit);
}

function resolveField(unit: string, type: DataType | undefined, environment: FunctionEnvironment): DataType | Mismatch {
  if (type === undefined) return { mismatch: 'expects a date, time or interval' };
  if (type.kind === 'null')
    return { mismatch: 'expects a date, time or interval, got NULL', hint: 'CAST it to a type' };
  if (fieldReader(unit, type, environment) === null) {
    return { mismatch: `${typeName(type)} has no ${unit}` };
  }
  return withNullable(BIGINT, type.nullable);
}

const extract: ScalarFunction = {
  name: 'EXTRACT',
  summary: 'A field of a date, time or interval.',
  resolve(infos, environment) {
    const unit = literalText(infos[0])?.toUpperCase();
    if (infos.length !== 2 || unit === undefined) return { mismatch: 'expects a unit and a value' };
    const result = resolveField(ALIASES[unit] ?? unit, infos[1]!.type, environment);
    return 'mismatch' in result ? result : { args: [infos[0]!.type, infos[1]!.type], result };
  },
  scalar([, type], _result, environment) {
    const readers = new Map<string, FieldReader | null>();
    return (unit: string, value: number | bigint) => {
      let read = readers.get(unit);
      if (read === undefined) {
        const name = unit.toUpperCase();
        read = fieldReader(ALIASES[name] ?? name, type!, environment);
        readers.set(unit, read);
      }
      invariant(read !== null, () => `EXTRACT of ${unit} was not refused`);
      return read(value);
    };
  },
};

function shortForm(name: string, unit: string): ScalarFunction {
  return {
    name,
    summary: `EXTRACT(${unit} FROM time).`,
    resolve(infos, environment) {
      if (infos.length !== 1) return { mismatch: `expects 1 argument, got ${infos.length}` };
      const result = resolveField(unit, infos[0]!.type, environment);
      return 'mismatch' in result ? result : { args: [infos[0]!.type], result };
    },
    scalar([type], _result, environment) {
      const read = fieldReader(unit, type!, environment);
      invariant(read !== null, () => `${name} was not refused`);
      return read;
    },
  };
}

export const TIME_FIELDS: readonly ScalarFunction[] = [
  extract,
  shortForm('YEAR', 'YEAR'),
  shortForm('QUARTER', 'QUARTER'),
  shortForm('MONTH', 'MONTH'),
  shortForm('WEEK', 'WEEK'),
  shortForm('DAYOFYEAR', 'DOY'),
  shortForm('DAYOFMONTH', 'DAY'),
  shortForm('DAYOFWEEK', 'DOW'),
  shortForm('HOUR', 'HOUR'),
  shortForm('MINUTE', 'MINUTE'),
  shortForm('SECOND', 'SECOND'),
];
