import { daysFromCivil } from '../../core/calendar.ts';
import type { DataType } from '../../core/data-type.ts';
import { isText, typeName } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { trimJava } from '../../core/java-text.ts';
import { parseTime } from '../../functions/time/time-text.ts';
import { readJsonValue } from '../json-value.ts';
import { plainText, type ValueWriter } from '../value-text.ts';
import type { CsvOptions } from './csv-options.ts';

/**
 * Converts a cell to an internal value, as Flink's csv format does (CsvToRowDataConverters;
 * recorded: `test/sweeps/csv`). Numbers, booleans and timestamps may have blanks around them. The
 * element delimiter separates the elements of arrays and rows. Throws if the cell does not fit.
 * With `ignoreErrors` such a cell is NULL.
 */
export function readCsvCell(type: DataType, options: CsvOptions): (cell: string) => unknown {
  const read = readNotNull(type, options);
  return (cell) => {
    if (cell === options.nullLiteral) return null;
    if (!options.ignoreErrors) return read(cell);
    try {
      return read(cell);
    } catch {
      return null;
    }
  };
}

function readNotNull(type: DataType, options: CsvOptions): (cell: string) => unknown {
  switch (type.kind) {
    case 'array': {
      const element = readCsvCell(type.element, options);
      return (cell) => elements(cell, options).map(element);
    }
    case 'row': {
      const fields = type.fields.map((field) => readCsvCell(field.type, options));
      return (cell) => {
        const parts = elements(cell, options);
        if (parts.length === 0) return null;
        if (parts.length < fields.length && !options.ignoreErrors) {
          const counts = `${parts.length} parts, the ROW ${fields.length} fields`;
          throw new EngineError('FORMAT_MALFORMED', `'${cell}' has ${counts}`);
        }
        return fields.map((read, i) => (i < parts.length ? read(parts[i]!) : null));
      };
    }
    case 'map':
    case 'multiset':
      throw new EngineError('FORMAT_MALFORMED', `the csv format has no ${type.kind.toUpperCase()}`);
    case 'date':
      return (cell) => fitting(cell, type, lenientDate(cell));
    case 'time':
      return (cell) => fitting(cell, type, isoTime(cell, type.precision));
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint': {
      const read = readJsonValue(type);
      return (cell) => read(asciiDigits(cell));
    }
    case 'decimal': {
      const read = readJsonValue(type);
      return (cell) => fitting(cell, type, /^\s|\s$/.test(cell) ? undefined : read(cell));
    }
    default: {
      const read = readJsonValue(type);
      return isText(type) ? read : (cell) => read(trimJava(cell));
    }
  }
}

/** A blank cell has no elements. */
const elements = (cell: string, { elementDelimiter }: CsvOptions): readonly string[] =>
  trimJava(cell) === '' ? [] : cell.split(elementDelimiter);

/** Returns the value. Throws if it is undefined. */
function fitting(cell: string, type: DataType, value: unknown): unknown {
  if (value !== undefined) return value;
  throw new EngineError('FORMAT_MALFORMED', `"${cell}" is not a ${typeName({ ...type, nullable: true })}`);
}

/**
 * Reads the days since 1970 of a text such as `2026-1-2`. A day that the month does not have is a
 * day of the next month: `2026-02-30` is 2 March (Java: java.sql.Date.valueOf).
 */
function lenientDate(text: string): number | undefined {
  const parts = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (parts === null) return undefined;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  return daysFromCivil(year, month, 1) + day - 1;
}

/** Reads the milliseconds of the day of a text such as `10:11` (Java: LocalTime.parse). */
function isoTime(text: string, precision: number): number | undefined {
  if (!/^\d\d:\d\d(:\d\d(\.\d{1,9})?)?$/.test(text)) return undefined;
  const ms = parseTime(text);
  if (ms === null) return undefined;
  const unit = 10 ** Math.max(0, 3 - precision);
  return Math.floor(ms / unit) * unit;
}

/** Replaces the digits of other scripts, which Java reads, too. */
const asciiDigits = (text: string): string =>
  text.replaceAll(/[^\p{ASCII}]/gu, (c) => (/\p{Nd}/u.test(c) ? String(digitOf(c.codePointAt(0)!)) : c));

/** Decimal digits of a script have consecutive code points from 0 to 9. */
function digitOf(codePoint: number): number {
  let zero = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (codePoint - zero) % 10;
}

/**
 * Converts an internal value to a cell without quotes. NULL becomes the null literal, or an empty
 * cell.
 */
export function writeCsvCell(type: DataType, options: CsvOptions): ValueWriter {
  const write = writeNotNull(type, options);
  const none = options.nullLiteral ?? '';
  return (value) => (value === null || value === undefined ? none : write(value));
}

function writeNotNull(type: DataType, options: CsvOptions): ValueWriter {
  switch (type.kind) {
    case 'array': {
      const element = writeCsvCell(type.element, options);
      return (value) => (value as readonly unknown[]).map(element).join(options.elementDelimiter);
    }
    case 'row': {
      const fields = type.fields.map((field) => writeCsvCell(field.type, options));
      return (value) =>
        fields.map((write, i) => write((value as readonly unknown[])[i])).join(options.elementDelimiter);
    }
    case 'map':
    case 'multiset':
      throw new EngineError('FORMAT_MALFORMED', `the csv format has no ${type.kind.toUpperCase()}`);
    default:
      return plainText(type);
  }
}
