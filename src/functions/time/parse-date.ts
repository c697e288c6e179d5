import { daysFromCivil, daysInMonth, MS_PER_DAY } from '../../core/calendar.ts';
import { trimJava } from '../../core/java-text.ts';
import { MONTHS, type PatternFlavour, type PatternPart, readPattern, WEEKDAYS } from './date-pattern.ts';

/** A local time that was read from a text. */
export interface ReadTime {
  /** Milliseconds since 1970-01-01 00:00 of the local time. */
  readonly ms: number;
  /** Nanoseconds after the millisecond. */
  readonly nanos: number;
  /** The offset from UTC in the text, in milliseconds. Null: the text has none. */
  readonly offset: number | null;
}

/** Reads a text; null when the text does not fit. */
export type DateReader = (text: string) => ReadTime | null;

type Field = Extract<PatternPart, { readonly kind: 'field' }>;

/** Letters whose value is text or depends on the width. */
const TEXT_FIELDS: Readonly<Record<string, (width: number) => string | null>> = {
  M: (width) => (width < 3 ? null : choice(MONTHS, width)),
  L: (width) => (width < 3 ? null : choice(MONTHS, width)),
  E: (width) => choice(WEEKDAYS, width),
  a: () => 'AM|PM',
  G: () => 'AD|BC',
  X: (width) => `Z|${offsetForm(width)}`,
  x: offsetForm,
  Z: () => '[+-]\\d{4}',
  z: () => ZONE_NAME,
  V: () => ZONE_NAME,
};
const ZONE_NAME = '[A-Za-z][A-Za-z/_+:0-9-]*';
/** Numbers of weeks are read, but a week alone gives no date. */
const NUMBER_FIELDS = 'yuMLdDHhKkmsSqQnYwWecF';

function offsetForm(width: number): string {
  if (width === 1) return '[+-]\\d{2}';
  return width === 2 ? '[+-]\\d{4}' : '[+-]\\d{2}:\\d{2}';
}

const choice = (names: readonly string[], width: number): string =>
  names.map((name) => (width <= 3 ? name.slice(0, 3) : name)).join('|');

/**
 * Reads texts by a pattern; null if the pattern itself is wrong. Fields that the pattern does not
 * contain have their values of 1970-01-01 00:00. The `formatter` flavour takes the whole text, with
 * exactly as many digits as the pattern has letters (one letter: any number of digits), clips the
 * 31st to the month's last day and refuses a month 13. The `simple` one takes the start of the
 * text, any number of digits unless another number follows directly, and lets fields overflow.
 */
export function dateReader(pattern: string, flavour: PatternFlavour): DateReader | null {
  const parts = readPattern(pattern, flavour);
  if (typeof parts === 'string') return null;
  const fields: Field[] = [];
  let source = flavour === 'formatter' ? '^' : '^\\s*';
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'open' || part.kind === 'close') {
      source += part.kind === 'open' ? '(?:' : ')?';
      continue;
    }
    if (part.kind === 'text') {
      source += part.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      continue;
    }
    const isZone = part.letter === 'z' && flavour === 'simple';
    const text = isZone ? 'GMT|UTC|[+-]\\d{4}' : (TEXT_FIELDS[part.letter]?.(part.width) ?? null);
    if (text === null && !NUMBER_FIELDS.includes(part.letter)) return null;
    fields.push(part);
    const number = () =>
      flavour === 'formatter' ? strictDigits(part) : digits(part, isNumber(parts[i - 1]), isNumber(parts[i + 1]));
    source += `(${text ?? number()})`;
  }
  const expression = new RegExp(flavour === 'formatter' ? `${source}$` : source);
  return (text) => {
    const found = expression.exec(text);
    if (found === null || (flavour === 'simple' && found[0].trim() === '')) return null;
    return assemble(fields, found.slice(1), flavour);
  };
}

const isNumber = (part: PatternPart | undefined): boolean =>
  part?.kind === 'field' && (TEXT_FIELDS[part.letter]?.(part.width) ?? null) === null;

/**
 * Returns the allowed numbers of digits. Of adjacent numbers only the first may be longer than its
 * width.
 */
function digits({ letter, width }: Field, after: boolean, before: boolean): string {
  if (after && width > 1) return `\\d{${width}}`;
  if (before) return letter === 'y' || letter === 'u' ? `\\d{${width},9}` : `\\d{${Math.max(1, width)}}`;
  return '\\d{1,15}';
}

/**
 * The digits of a number in the `formatter` flavour (Java: DateTimeFormatterBuilder). A year of
 * more than four digits needs a sign.
 */
function strictDigits({ letter, width }: Field): string {
  if (letter === 'S') return `\\d{${width}}`;
  if (letter === 'n') return `\\d{${width},19}`;
  if (letter === 'D' && width === 2) return '\\d{2,3}';
  if (letter !== 'y' && letter !== 'u') return width === 1 ? '\\d{1,9}' : `\\d{${width}}`;
  if (width === 2) return '\\d{2}';
  const negative = letter === 'u' ? '-?' : '';
  return width < 4 ? `${negative}\\d{${width},9}` : `${negative}\\d{${width}}|[+]\\d{${width + 1},9}`;
}

function assemble(
  fields: readonly Field[],
  values: readonly (string | undefined)[],
  flavour: PatternFlavour,
): ReadTime | null {
  const read = new Map<string, number>();
  for (const [i, field] of fields.entries()) {
    const text = values[i];
    // A field of an optional section that the text does not have.
    if (text === undefined) continue;
    if (flavour === 'formatter' && !isInRange(field, Number(text))) return null;
    const value = fieldValue(field, text, flavour);
    if (value !== null) read.set(value[0], value[1]);
  }
  const get = (name: string, otherwise: number) => read.get(name) ?? otherwise;
  const half = read.get('half');
  const hour =
    read.get('hour') ?? (half === undefined && flavour === 'formatter' ? 0 : get('hour12', 0) + (half ?? 0) * 12);
  const fraction = get('fraction', 0);
  const [minute, second] = [get('minute', 0), get('second', 0)];
  const ms = read.get('ms') ?? Math.floor(fraction / 1e6);
  const [year, month, day] = [read.get('yearOfEra') ?? get('year', 1970), get('month', 1), get('day', 1)];
  if (flavour === 'formatter') {
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59) return null;
    if (hour === 24 && minute + second + ms > 0) return null;
    if (read.get('yearOfEra') === 0) return null;
  }
  const monthIndex = year * 12 + month - 1;
  const [y, m] = [Math.floor(monthIndex / 12), (monthIndex % 12) + 1];
  const clipped = flavour === 'formatter' ? Math.min(day, daysInMonth(y, m)) : day;
  const isJulian = flavour === 'simple' && (y < 1582 || (y === 1582 && m < 10));
  const firstOf = isJulian ? daysFromJulian : daysFromCivil;
  const days = read.has('dayOfYear') ? firstOf(y, 1, 1) + read.get('dayOfYear')! - 1 : firstOf(y, m, 1) + clipped - 1;
  return {
    ms: days * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms,
    nanos: fraction % 1e6,
    offset: read.get('offset') ?? null,
  };
}

/** Days since 1970-01-01 of a Julian date. Java's GregorianCalendar uses it before October 1582. */
function daysFromJulian(year: number, month: number, day: number): number {
  const [y, m] = month > 2 ? [year, month - 3] : [year - 1, month + 9];
  return 365 * y + Math.floor(y / 4) + Math.floor((153 * m + 2) / 5) + day - 719471;
}

/** Returns whether a clock of 12 or 24 hours has the hour. */
function isInRange({ letter }: Field, value: number): boolean {
  switch (letter) {
    case 'h':
      return value <= 12;
    case 'K':
      return value <= 11;
    case 'k':
      return value <= 24;
    default:
      return true;
  }
}

/** Returns the value of a field, under the name that `assemble` reads. */
function fieldValue({ letter, width }: Field, text: string, flavour: PatternFlavour): readonly [string, number] | null {
  const number = Number(text);
  switch (letter) {
    case 'y':
    case 'u':
      // The `simple` flavour reads u as the number of a weekday.
      if (letter === 'u' && flavour === 'simple') return null;
      return [letter === 'y' ? 'yearOfEra' : 'year', width === 2 && text.length === 2 ? 2000 + number : number];
    case 'M':
    case 'L':
      return ['month', width < 3 ? number : MONTHS.findIndex((name) => name.startsWith(text)) + 1];
    case 'd':
      return ['day', number];
    case 'D':
      return ['dayOfYear', number];
    case 'H':
      return ['hour', number];
    case 'k':
      return ['hour', number === 24 ? 0 : number];
    case 'K':
      return ['hour12', number];
    case 'h':
      return ['hour12', number === 12 ? 0 : number];
    case 'a':
      return ['half', text === 'PM' ? 1 : 0];
    case 'm':
      return ['minute', number];
    case 's':
      return ['second', number];
    case 'S':
      // The `formatter` flavour reads a fraction, the `simple` one a count of milliseconds.
      return flavour === 'simple' ? ['ms', number] : ['fraction', Number(text.padEnd(9, '0').slice(0, 9))];
    case 'n':
      return ['fraction', number];
    case 'X':
    case 'x':
    case 'Z':
      return ['offset', offsetMs(text)];
    case 'z':
      return /^(GMT|UTC)$|\d{4}$/.test(text) ? ['offset', offsetMs(text)] : null;
    default:
      return null;
  }
}

/** Returns the milliseconds of `Z`, `+02`, `+0200` or `+02:00`. */
function offsetMs(text: string): number {
  if (/^(Z|GMT|UTC)$/.test(text)) return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(3).replace(':', '') || 0);
  return (text[0] === '-' ? -minutes : minutes) * 60_000;
}

/**
 * Reads a text that does not fit the pattern of TO_TIMESTAMP: `2026-1-2 3:4:5.6` or `2026-1-2`,
 * with blanks around it. Hours, minutes, seconds and days of the month may overflow (Flink:
 * DateTimeUtils.parseTimestampData, which calls java.sql.Timestamp.valueOf and
 * java.sql.Date.valueOf). Year 0 is year 1.
 */
export function readSqlTimestamp(text: string): ReadTime | null {
  const form = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: +(\d{1,9}):(\d{1,9}):(\d{1,9})(?:\.(\d{1,9}))?)?$/;
  const parts = form.exec(trimJava(text));
  if (parts === null) return null;
  const [year, month, day, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (month! < 1 || month! > 12 || day! < 1 || day! > 31) return null;
  const fraction = Number((parts[7] ?? '').padEnd(9, '0'));
  const days = daysFromCivil(year === 0 ? 1 : year!, month!, 1) + day! - 1;
  const ms = days * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + Math.floor(fraction / 1e6);
  return { ms, nanos: fraction % 1e6, offset: null };
}
