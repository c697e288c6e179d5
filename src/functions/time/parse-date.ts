import { daysFromCivil, daysInMonth, MS_PER_DAY } from '../../core/calendar.ts';
import { MONTHS, type PatternFlavour, type PatternPart, readPattern, WEEKDAYS } from './date-pattern.ts';

/** Milliseconds of a local time read from a text; null when the text does not fit. */
export type DateReader = (text: string) => number | null;

type Field = Extract<PatternPart, { kind: 'field' }>;

/** Letters whose value is text or depends on the width. */
const TEXT_FIELDS: Readonly<Record<string, (width: number) => string | null>> = {
  M: (width) => (width < 3 ? null : choice(MONTHS, width)),
  L: (width) => (width < 3 ? null : choice(MONTHS, width)),
  E: (width) => choice(WEEKDAYS, width),
  a: () => 'AM|PM',
  G: () => 'AD|BC',
  X: () => 'Z|[+-]\\d{2}(?::?\\d{2})?',
  x: () => '[+-]\\d{2}(?::?\\d{2})?',
  Z: () => '[+-]\\d{4}',
  z: () => '[A-Za-z/_+:0-9-]+',
  V: () => '[A-Za-z/_+:0-9-]+',
};
const NUMBER_FIELDS = 'yuMLdDHhKkmsSqQn';

const choice = (names: readonly string[], width: number): string =>
  names.map((name) => (width <= 3 ? name.slice(0, 3) : name)).join('|');

/**
 * Reads texts by a pattern; null if the pattern itself is wrong. A number may have more or fewer
 * digits than in the pattern unless another number follows directly. Fields that the pattern does
 * not contain have their values of 1970-01-01 00:00. The `formatter` flavour takes the whole text,
 * clips the 31st to the month's last day and refuses a month 13; the `simple` one takes the start
 * of the text and lets fields overflow.
 */
export function dateReader(pattern: string, flavour: PatternFlavour): DateReader | null {
  const parts = readPattern(pattern, flavour);
  if (typeof parts === 'string') return null;
  const fields: Field[] = [];
  let source = '^\\s*';
  for (const [i, part] of parts.entries()) {
    if (part.kind === 'text') {
      source += part.text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
      continue;
    }
    const text = TEXT_FIELDS[part.letter]?.(part.width) ?? null;
    if (text === null && !NUMBER_FIELDS.includes(part.letter)) return null;
    fields.push(part);
    source += `(${text ?? digits(part, isNumber(parts[i - 1]), isNumber(parts[i + 1]))})`;
  }
  const expression = new RegExp(flavour === 'formatter' ? `${source}\\s*$` : source);
  return (text) => {
    const found = expression.exec(text);
    return found === null ? null : assemble(fields, found.slice(1), flavour);
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
  return '\\d{1,9}';
}

function assemble(fields: readonly Field[], values: readonly string[], flavour: PatternFlavour): number | null {
  const read = new Map<string, number>();
  for (const [i, field] of fields.entries()) {
    const value = fieldValue(field, values[i]!, flavour);
    if (value !== null) read.set(value[0], value[1]);
  }
  const get = (name: string, otherwise: number) => read.get(name) ?? otherwise;
  const half = read.get('half');
  const hour =
    read.get('hour') ?? (half === undefined && flavour === 'formatter' ? 0 : get('hour12', 0) + (half ?? 0) * 12);
  const [minute, second, ms] = [get('minute', 0), get('second', 0), get('ms', 0)];
  const [year, month, day] = [get('year', 1970), get('month', 1), get('day', 1)];
  if (flavour === 'formatter') {
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 59) return null;
    if (hour === 24 && minute + second + ms > 0) return null;
  }
  const monthIndex = year * 12 + month - 1;
  const [y, m] = [Math.floor(monthIndex / 12), (monthIndex % 12) + 1];
  const clipped = flavour === 'formatter' ? Math.min(day, daysInMonth(y, m)) : day;
  const days = read.has('dayOfYear')
    ? daysFromCivil(y, 1, 1) + read.get('dayOfYear')! - 1
    : daysFromCivil(y, m, 1) + clipped - 1;
  return days * MS_PER_DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

/** Returns the value of a field, under the name that `assemble` reads. */
function fieldValue({ letter, width }: Field, text: string, flavour: PatternFlavour): readonly [string, number] | null {
  const number = Number(text);
  switch (letter) {
    case 'y':
    case 'u':
      return ['year', width === 2 && text.length === 2 ? 2000 + number : number];
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
      return ['hour', number % 24];
    case 'K':
      return ['hour12', number];
    case 'h':
      return ['hour12', number % 12];
    case 'a':
      return ['half', text === 'PM' ? 1 : 0];
    case 'm':
      return ['minute', number];
    case 's':
      return ['second', number];
    case 'S':
      // The `formatter` flavour reads a fraction, the `simple` one a count of milliseconds.
      return ['ms', flavour === 'simple' ? number : Number(text.padEnd(3, '0').slice(0, 3))];
    case 'n':
      return ['ms', Math.floor(number / 1e6)];
    default:
      return null;
  }
}
