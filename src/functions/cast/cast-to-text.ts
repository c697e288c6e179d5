import type { DataType, TextType } from '../../core/data-type.ts';
import { isText, MAX_TEXT_LENGTH } from '../../core/data-type.ts';
import { decimalText } from '../decimal.ts';
import { doubleText, floatText } from '../number-text.ts';
import type { FunctionEnvironment } from '../scalar-function.ts';
import { dateText, dayTimeIntervalText, timestampText, timeText, yearMonthIntervalText } from '../time/time-text.ts';
import { timeZone } from '../time/time-zone.ts';
import { shiftTimestamp } from './cast-to-time.ts';
import type { Converter } from './converter.ts';

/** Casts to text. The text is then cut to the length of the type. CHAR(n) is filled with blanks. */
export function toText(from: DataType, to: TextType, environment: FunctionEnvironment): Converter {
  const write = textWriter(from, environment);
  if (to.kind === 'varchar') {
    if (to.length === MAX_TEXT_LENGTH) return write;
    return (value) => cutText(write(value), to.length);
  }
  return (value) => {
    const text = cutText(write(value), to.length);
    const missing = to.length - codePoints(text);
    return missing > 0 ? text + ' '.repeat(missing) : text;
  };
}

/** Returns the first `length` code points. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  let units = 0;
  for (let n = 0; n < length && units < text.length; n++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return text.slice(0, units);
}

function codePoints(text: string): number {
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) n++;
  }
  return n;
}

/** Returns a function that writes a value like Flink's CAST to STRING. */
export function textWriter(from: DataType, environment: FunctionEnvironment): (value: unknown) => string {
  if (isText(from)) return (value) => value as string;
  switch (from.kind) {
    case 'boolean':
      return (value) => (value === true ? 'TRUE' : 'FALSE');
    case 'float':
      return (value) => floatText(value as number);
    case 'double':
      return (value) => doubleText(value as number);
    case 'decimal':
      return (value) => decimalText(value as number | bigint, from.scale);
    case 'date':
      return (value) => dateText(value as number);
    case 'time':
      return (value) => shortTime(value as number, from.precision);
    case 'timestamp':
      return (value) => timestampText(value as number | bigint, from.precision);
    case 'timestamp-ltz': {
      const zone = timeZone(environment.zone);
      return (value) => timestampText(shiftTimestamp(value as number | bigint, zone.toLocal), from.precision);
    }
    case 'interval-day-time':
      return (value) => dayTimeIntervalText(value as number);
    case 'interval-year-month':
      return (value) => yearMonthIntervalText(value as number);
    case 'binary':
    case 'varbinary':
      return (value) => Buffer.from(value as Uint8Array).toString('utf8');
    case 'array':
      return listWriter('[', ']', () => from.element, environment);
    case 'row':
      return listWriter('(', ')', (i) => from.fields[i]!.type, environment);
    case 'map':
      return mapWriter(from.key, from.value, environment);
    case 'multiset':
      return mapWriter(from.element, { kind: 'int', nullable: false }, environment);
    default:
      return (value) => String(value);
  }
}

function orNull(write: (value: unknown) => string): (value: unknown) => string {
  return (value) => (value === null ? 'NULL' : write(value));
}

function listWriter(
  open: string,
  close: string,
  typeOf: (i: number) => DataType,
  environment: FunctionEnvironment,
): (value: unknown) => string {
  const writers = new Map<DataType, (value: unknown) => string>();
  const writerOf = (type: DataType) => {
    let write = writers.get(type);
    if (write === undefined) {
      write = orNull(textWriter(type, environment));
      writers.set(type, write);
    }
    return write;
  };
  return (value) => open + (value as readonly unknown[]).map((item, i) => writerOf(typeOf(i))(item)).join(', ') + close;
}

function mapWriter(key: DataType, value: DataType, environment: FunctionEnvironment): (value: unknown) => string {
  const writeKey = orNull(textWriter(key, environment));
  const writeValue = orNull(textWriter(value, environment));
  return (map) =>
    `{${[...(map as Map<unknown, unknown>)].map(([k, v]) => `${writeKey(k)}=${writeValue(v)}`).join(', ')}}`;
}

/**
 * Writes a time with at least one digit of its fraction, and no zeros after the last digit that
 * counts (Flink: DateTimeUtils.formatTimestampMillis). TIME(0) has no fraction.
 */
function shortTime(ms: number, precision: number): string {
  const text = timeText(ms, Math.min(precision, 3));
  return precision === 0 ? text : text.replace(/(\.\d)(\d*?)0+$/, '$1$2');
}
