import { civilFromDays, dayOfWeek, daysFromCivil, MS_PER_DAY, NS_PER_MS } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import { isTimestamp, typeName } from '../../core/data-type.ts';
import { invariant } from '../../core/invariant.ts';
import { literalText } from '../define.ts';
import type { FunctionEnvironment, ScalarFunction } from '../scalar-function.ts';
import { toMilliseconds } from './time-units.ts';
import { timeZone } from './time-zone.ts';

/**
 * FLOOR and CEIL of a time to a unit, as Flink does them (measured): a TIMESTAMP_LTZ is cut in
 * local time with its own offset; weeks start on Sunday; for units of a week and more the time of
 * day is dropped first (towards 1970), so CEIL of 1 March 05:00 to MONTH is 1 March.
 */
const MS_UNITS: Readonly<Record<string, number>> = {
  MILLISECOND: 1,
  SECOND: 1000,
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: MS_PER_DAY,
};

/** First day of the unit that contains a day, and of the next unit. */
const DAY_UNITS: Readonly<Record<string, (days: number) => readonly [number, number]>> = {
  WEEK: (days) => {
    const sunday = days - dayOfWeek(days);
    return [sunday, sunday + 7];
  },
  MONTH: (days) => months(days, 1),
  QUARTER: (days) => months(days, 3),
  YEAR: (days) => years(days, 1, 0),
  DECADE: (days) => years(days, 10, 0),
  CENTURY: (days) => years(days, 100, 1),
  MILLENNIUM: (days) => years(days, 1000, 1),
};

function months(days: number, size: number): readonly [number, number] {
  const { year, month } = civilFromDays(days);
  const first = month - 1 - ((month - 1) % size);
  const next = first + size;
  return [daysFromCivil(year, first + 1, 1), daysFromCivil(year + Math.floor(next / 12), (next % 12) + 1, 1)];
}

/** Centuries and millennia start with the year 1 of each. */
function years(days: number, size: number, offset: number): readonly [number, number] {
  const { year } = civilFromDays(days);
  const first = Math.floor((year - offset) / size) * size + offset;
  return [daysFromCivil(first, 1, 1), daysFromCivil(first + size, 1, 1)];
}

type Round = (value: number) => number;

function roundDays(unit: string, up: boolean): Round | null {
  const bounds = DAY_UNITS[unit];
  if (bounds === undefined) return unit in MS_UNITS ? (days) => days : null;
  return (days) => {
    const [first, next] = bounds(days);
    return up && first !== days ? next : first;
  };
}

function roundMs(unit: string, up: boolean): Round | null {
  const size = MS_UNITS[unit];
  if (size === undefined) return null;
  return up ? (ms) => Math.ceil(ms / size) * size + 0 : (ms) => Math.floor(ms / size) * size;
}

function rounder(
  unit: string,
  up: boolean,
  type: DataType,
  environment: FunctionEnvironment,
): ((value: number | bigint) => number | bigint) | null {
  if (type.kind === 'date') return roundDays(unit, up) as (value: number | bigint) => number;
  if (type.kind === 'time') return unit === 'DAY' ? null : (roundMs(unit, up) as (value: number | bigint) => number);
  if (!isTimestamp(type)) return null;
  const ofDays = unit === 'DAY' ? null : roundDays(unit, up);
  const round = roundMs(unit, up) ?? (ofDays && ((ms: number) => ofDays(Math.trunc(ms / MS_PER_DAY)) * MS_PER_DAY));
  if (!round) return null;
  const milliseconds = toMilliseconds(type);
  const zone = timeZone(environment.zone);
  const precise = type.precision > 3;
  return (value) => {
    const ms = milliseconds(value);
    const offset = type.kind === 'timestamp-ltz' ? zone.offsetAt(ms) : 0;
    const rounded = round(ms + offset) - offset;
    return precise ? BigInt(rounded) * NS_PER_MS : rounded;
  };
}

function roundFunction(name: string, up: boolean): ScalarFunction {
  return {
    name,
    summary: `The time rounded ${up ? 'up' : 'down'} to a unit, from MILLISECOND to MILLENNIUM. Weeks begin on Sunday.`,
    resolve(infos, environment) {
      const unit = literalText(infos[1])?.toUpperCase();
      const type = infos[0]?.type;
      if (infos.length !== 2 || unit === undefined || type === undefined)
        return { mismatch: 'expects a time and a unit' };
      if (rounder(unit, up, type, environment) === null) {
        return { mismatch: `cannot round ${typeName(type)} to ${unit}` };
      }
      const plain: DataType = isTimestamp(type)
        ? { kind: type.kind, precision: type.precision, nullable: type.nullable }
        : type;
      return { args: [type, infos[1]!.type], result: plain };
    },
    scalar([type], _result, environment) {
      const rounders = new Map<string, (value: number | bigint) => number | bigint>();
      return (value: number | bigint, unit: string) => {
        let round = rounders.get(unit);
        if (round === undefined) {
          const made = rounder(unit.toUpperCase(), up, type!, environment);
          invariant(made !== null, () => `rounding to ${unit} was not refused`);
          rounders.set(unit, made);
          round = made;
        }
        return round(value);
      };
    },
  };
}

export const TIME_ROUNDING: readonly ScalarFunction[] = [
  roundFunction('FLOOR_TO', false),
  roundFunction('CEIL_TO', true),
];
