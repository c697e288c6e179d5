import { civilFromDays, dayOfWeek, daysFromCivil } from '../../core/calendar.ts';
import { EngineError } from '../../core/engine-error.ts';
import { MONTHS, type PatternFlavour, type PatternPart, readPattern, WEEKDAYS } from './date-pattern.ts';
import { splitTimestamp } from './time-text.ts';

/** A local time split into its fields. */
interface LocalTime {
  readonly days: number;
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

function takeApart(value: number | bigint): LocalTime {
  const { days, ms, nanos } = splitTimestamp(value);
  const seconds = Math.floor(ms / 1000);
  return {
    days,
    ...civilFromDays(days),
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    nanos,
  };
}

/**
 * Writes local times (a TIMESTAMP's value) by a pattern. An invalid pattern fails the job with
 * EXPRESSION_FAILED at the first value, as in Flink.
 */
export function dateWriter(pattern: string, flavour: PatternFlavour): (value: number | bigint) => string {
  const parts = readPattern(pattern, flavour);
  if (typeof parts === 'string') throw new EngineError('EXPRESSION_FAILED', parts, { pattern });
  const writers = parts.flatMap((part) => {
    if (part.kind === 'open' || part.kind === 'close') return [];
    return part.kind === 'text' ? [() => part.text] : [fieldWriter(part, flavour)];
  });
  return (value) => {
    const time = takeApart(value);
    let text = '';
    for (const write of writers) text += write(time);
    return text;
  };
}

type Field = Extract<PatternPart, { kind: 'field' }>;

const number = (value: number, width: number): string => {
  const digits = String(Math.abs(value)).padStart(width, '0');
  return value < 0 ? `-${digits}` : digits;
};

/**
 * Shortens a name to three letters up to width 3, and to one letter at width 5. Otherwise writes it
 * in full.
 */
const named = (name: string, width: number): string => (width <= 3 ? name.slice(0, 3) : width === 5 ? name[0]! : name);

function fieldWriter({ letter, width }: Field, flavour: PatternFlavour): (time: LocalTime) => string {
  const simple = flavour === 'simple';
  const plain = (value: (time: LocalTime) => number) => (time: LocalTime) => number(value(time), width);
  const year = (value: (time: LocalTime) => number) => (time: LocalTime) =>
    width === 2 ? number(((value(time) % 100) + 100) % 100, 2) : number(value(time), width);
  switch (letter) {
    case 'y':
      return year(({ year: y }) => (y > 0 ? y : 1 - y));
    case 'u':
      return simple ? plain(({ days }) => dayOfWeek(days) || 7) : year((time) => time.year);
    case 'Y':
      return year(({ days }) => usWeek(days).year);
    case 'w':
      return plain(({ days }) => usWeek(days).week);
    case 'W':
      return plain(weekOfMonth);
    case 'M':
    case 'L':
      return width <= 2 ? plain(({ month }) => month) : ({ month }) => named(MONTHS[month - 1]!, width);
    case 'Q':
    case 'q':
      return quarterWriter(width);
    case 'd':
      return plain(({ day }) => day);
    case 'D':
      return plain(dayOfYear);
    case 'F':
      return plain(({ day }) => (simple ? Math.floor((day - 1) / 7) + 1 : ((day - 1) % 7) + 1));
    case 'E':
      return ({ days }) => named(WEEKDAYS[dayOfWeek(days)]!, width);
    case 'e':
    case 'c':
      return width <= 2
        ? plain(({ days }) => dayOfWeek(days) + 1)
        : ({ days }) => named(WEEKDAYS[dayOfWeek(days)]!, width);
    case 'G':
      return ({ year: y }) =>
        width === 4 && !simple ? (y > 0 ? 'Anno Domini' : 'Before Christ') : y > 0 ? 'AD' : 'BC';
    default:
      return clockWriter(letter, width, simple, plain);
  }
}

function clockWriter(
  letter: string,
  width: number,
  simple: boolean,
  plain: (value: (time: LocalTime) => number) => (time: LocalTime) => string,
): (time: LocalTime) => string {
  const nanosOfDay = (time: LocalTime) => ((time.hour * 60 + time.minute) * 60 + time.second) * 1e9 + time.nanos;
  switch (letter) {
    case 'a':
      return ({ hour }) => (hour < 12 ? 'AM' : 'PM');
    case 'H':
      return plain(({ hour }) => hour);
    case 'k':
      return plain(({ hour }) => hour || 24);
    case 'K':
      return plain(({ hour }) => hour % 12);
    case 'h':
      return plain(({ hour }) => hour % 12 || 12);
    case 'm':
      return plain(({ minute }) => minute);
    case 's':
      return plain(({ second }) => second);
    case 'S':
      if (simple) return plain(({ nanos }) => Math.floor(nanos / 1e6));
      return ({ nanos }) => number(nanos, 9).slice(0, width).padEnd(width, '0');
    case 'n':
      return plain(({ nanos }) => nanos);
    case 'N':
      return plain(nanosOfDay);
    case 'A':
      return plain((time) => Math.floor(nanosOfDay(time) / 1e6));
    default:
      throw new EngineError(
        'EXPRESSION_FAILED',
        `a time without a zone has nothing for the pattern letter '${letter}'`,
        {
          letter,
        },
      );
  }
}

function quarterWriter(width: number): (time: LocalTime) => string {
  const quarter = ({ month }: LocalTime) => Math.ceil(month / 3);
  const names = ['1st quarter', '2nd quarter', '3rd quarter', '4th quarter'];
  if (width <= 2) return (time) => number(quarter(time), width);
  return (time) =>
    width === 3 ? `Q${quarter(time)}` : width === 4 ? names[quarter(time) - 1]! : String(quarter(time));
}

export const dayOfYear = ({ days, year }: { readonly days: number; readonly year: number }): number =>
  days - daysFromCivil(year, 1, 1) + 1;

/**
 * Returns the week of the locale that Flink formats with. Weeks start on Sunday, and the first one
 * contains 1 January.
 */
function usWeek(days: number): { readonly year: number; readonly week: number } {
  const { year } = civilFromDays(days);
  const saturday = civilFromDays(days - dayOfWeek(days) + 6);
  const weekYear = Math.max(saturday.year, year);
  const newYear = daysFromCivil(weekYear, 1, 1);
  const firstSunday = newYear - dayOfWeek(newYear);
  return { year: weekYear, week: Math.floor((days - firstSunday) / 7) + 1 };
}

const weekOfMonth = ({ days, day }: LocalTime): number => Math.floor((day - 1 + dayOfWeek(days - day + 1)) / 7) + 1;
