import { narrowLong } from '../batch/vector.ts';
import { daysFromCivil, daysInMonth } from '../core/calendar.ts';
import type { DataType, DecimalType, TimestampType } from '../core/data-type.ts';
import { isText, typeName } from '../core/data-type.ts';
import { EngineError } from '../core/engine-error.ts';
import {
  type ExactJson,
  exactJsonText,
  isJsonArray,
  isJsonObject,
  JsonNumber,
  parseJsonExactly,
} from '../core/exact-json.ts';
import { parseDecimal, parseExact, powerOfTen } from '../functions/decimal.ts';
import { parseDouble } from '../functions/number-text.ts';
import { parseTimestamp, timestampOfNanos } from '../functions/time/time-text.ts';

/** Reads a value of `parseJsonExactly`; NULL is null. Throws FORMAT_MALFORMED where it does not fit the type. */
export type JsonValueReader = (value: unknown) => unknown;

export { parseJsonExactly };

/**
 * JSON → internal value, as Flink's json format reads it: numbers are also taken from texts, INT and BIGINT cut a fraction, STRING takes
 * anything (objects as their JSON), a DECIMAL with too many digits is NULL, times are SQL texts (`2026-01-01 00:00:00.25`, TIMESTAMP_LTZ
 * with a `Z`), fields that are missing are NULL and others are ignored.
 */
export function readJsonValue(type: DataType): JsonValueReader {
  const read = readNotNull(type);
  return (value) => (value === null || value === undefined ? null : read(value as ExactJson));
}

const malformed = (value: ExactJson, type: DataType): EngineError => {
  const text = exactJsonText(value);
  return new EngineError(
    'FORMAT_MALFORMED',
    `cannot read ${text.length > 80 ? `${text.slice(0, 80)}…` : text} as ${typeName({ ...type, nullable: true })}`,
    { type: typeName(type) },
  );
};

/** What Jackson's `asText` gives: numbers by their digits, nothing for objects and arrays. */
const scalarText = (value: ExactJson): string =>
  value instanceof JsonNumber ? value.text : value === null || typeof value === 'object' ? '' : String(value);

function readNotNull(type: DataType): (value: ExactJson) => unknown {
  if (isText(type)) {
    return (value) => {
      if (typeof value === 'string') return value;
      return isJsonArray(value) || isJsonObject(value) ? exactJsonText(value) : scalarText(value);
    };
  }
  switch (type.kind) {
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : scalarText(value).trim().toLowerCase() === 'true');
    case 'tinyint':
      return integerReader(type, 128n, false);
    case 'smallint':
      return integerReader(type, 32768n, false);
    case 'int':
    case 'interval-year-month':
      return integerReader(type, 2147483648n, true);
    case 'bigint':
    case 'interval-day-time':
      return integerReader(type, 9223372036854775808n, true);
    case 'float':
    case 'double':
      return approximateReader(type);
    case 'decimal':
      return decimalReader(type);
    case 'date':
      return textReader(type, parseIsoDate);
    case 'time':
      return textReader(type, parseSqlTime);
    case 'timestamp':
    case 'timestamp-ltz':
      return timestampReader(type);
    case 'binary':
    case 'varbinary':
      return textReader(type, parseBase64);
    case 'array': {
      const element = readJsonValue(type.element);
      return (value) => {
        if (!isJsonArray(value)) throw malformed(value, type);
        return value.map(element);
      };
    }
    case 'map':
      return mapReader(type, type.key, readJsonValue(type.value));
    case 'multiset':
      return mapReader(type, type.element, readJsonValue({ kind: 'int', nullable: false }));
    case 'row': {
      const fields = type.fields.map((field) => ({ name: field.name, read: readJsonValue(field.type) }));
      return (value) => {
        if (!isJsonObject(value)) throw malformed(value, type);
        return fields.map(({ name, read }) => (Object.hasOwn(value, name) ? read(value[name]!) : null));
      };
    }
    case 'null':
      return () => null;
  }
}

/** Numbers lose their fraction where `cuts`; texts must be whole numbers. */
function integerReader(type: DataType, limit: bigint, cuts: boolean): (value: ExactJson) => unknown {
  const most = Number(limit);
  return (value) => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value < most && value >= -most) return value;
    const isNumber = typeof value === 'number' || value instanceof JsonNumber;
    const text = scalarText(value).trim();
    if (!(isNumber && cuts) && !/^[+-]?\d+$/.test(text)) throw malformed(value, type);
    const exact = parseExact(text);
    if (exact === null) throw malformed(value, type);
    const whole = exact.unscaled / powerOfTen(exact.scale);
    if (whole >= limit || whole < -limit) throw malformed(value, type);
    return narrowLong(whole);
  };
}

function approximateReader(type: DataType): (value: ExactJson) => unknown {
  const round = type.kind === 'float' ? Math.fround : (n: number) => n;
  return (value) => {
    if (typeof value === 'number') return round(value);
    const parsed = parseDouble(scalarText(value));
    if (parsed === null) throw malformed(value, type);
    return round(parsed);
  };
}

function decimalReader(type: DecimalType): (value: ExactJson) => unknown {
  return (value) => {
    const text = scalarText(value).trim();
    if (parseExact(text) === null) throw malformed(value, type);
    return parseDecimal(text, type);
  };
}

function textReader(type: DataType, parse: (text: string) => unknown): (value: ExactJson) => unknown {
  return (value) => {
    const parsed = parse(scalarText(value));
    if (parsed === null) throw malformed(value, type);
    return parsed;
  };
}

function timestampReader(type: TimestampType): (value: ExactJson) => unknown {
  const withZone = type.kind === 'timestamp-ltz';
  return textReader(type, (text) => {
    if (!/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d{1,9})?Z?$/.test(text) || text.endsWith('Z') !== withZone)
      return null;
    const nanos = parseTimestamp(withZone ? text.slice(0, -1) : text);
    return nanos === null ? null : timestampOfNanos(nanos, type.precision);
  });
}

/** `2024-03-05`, nothing shorter and nothing behind it. */
export function parseIsoDate(text: string): number | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (parts === null) return null;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return null;
  return daysFromCivil(year, month, day);
}

/** `10:11:12` with or without a fraction, to milliseconds of the day. */
export function parseSqlTime(text: string): number | null {
  const parts = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?$/.exec(text);
  if (parts === null) return null;
  const [hour, minute, second] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  if (hour > 23 || minute > 59 || second > 59) return null;
  return ((hour * 60 + minute) * 60 + second) * 1000 + Number((parts[4] ?? '').slice(0, 3).padEnd(3, '0'));
}

export function parseBase64(text: string): Uint8Array | null {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0 ? Buffer.from(text, 'base64') : null;
}

function mapReader(type: DataType, key: DataType, readItem: JsonValueReader): (value: ExactJson) => unknown {
  const readKey = readJsonValue(key);
  return (value) => {
    if (!isJsonObject(value)) throw malformed(value, type);
    return new Map(Object.entries(value).map(([k, v]) => [readKey(k), readItem(v)]));
  };
}
