import { type DataType, isInteger, typeName } from '../core/data-type.ts';
import { type ExactJson, exactJsonText, JsonNumber, parseJsonExactly } from '../core/exact-json.ts';
import { trimJava } from '../core/java-text.ts';
import { parseDecimal, parseExact } from '../functions/decimal.ts';
import { doubleText, parseDouble } from '../functions/number-text.ts';
import { parseDate, parseTime, parseTimestamp, timestampOfNanos } from '../functions/time/time-text.ts';

export { parseJsonExactly };

/**
 * Reads a parsed JSON value as a column's type, as Flink's json format does
 * (JsonToRowDataConverters; recorded: `json-input-forms`, `json-input-big`): numbers are accepted
 * as texts and texts as numbers. Integers lose their fraction. A DECIMAL that does not fit is NULL.
 * Throws if any other value does not fit.
 */
export function readJsonValue(type: DataType): (value: unknown) => unknown {
  const read = reader(type);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function reader(type: DataType): (value: unknown) => unknown {
  if (isInteger(type)) return (value) => readInteger(value, type);
  switch (type.kind) {
    case 'boolean':
      return (value) =>
        typeof value === 'boolean' ? value : trimJava(scalarText(value, type)).toLowerCase() === 'true';
    case 'float':
      return (value) => Math.fround(readDouble(value, type));
    case 'double':
      return (value) => readDouble(value, type);
    case 'decimal':
      return (value) => {
        const text = trimJava(scalarText(value, type));
        if (parseExact(text) === null) throw misfit(value, type);
        return parseDecimal(text, type);
      };
    case 'char':
    case 'varchar':
      return textOf;
    case 'binary':
    case 'varbinary':
      return (value) =>
        Buffer.from(
          strict(value, type, BASE64, (text) => text),
          'base64',
        );
    case 'date':
      return (value) => strict(value, type, /^[+-]?\d{4,}-\d\d-\d\d$/, parseDate);
    case 'time':
      return (value) =>
        strict(value, type, /^\d\d:\d\d:\d\d(\.\d{1,9})?Z?$/, (text) => (text === '24:00:00' ? 0 : parseTime(text)));
    case 'timestamp':
    case 'timestamp-ltz':
      return (value) => {
        const form = type.kind === 'timestamp' ? TIMESTAMP : TIMESTAMP_LTZ;
        const nanos = strict(value, type, form, (text) => parseTimestamp(text.replace(/Z$/, '')));
        return timestampOfNanos(nanos, type.precision);
      };
    case 'array': {
      const element = readJsonValue(type.element);
      return (value) => {
        if (!Array.isArray(value)) throw misfit(value, type);
        return value.map(element);
      };
    }
    case 'map':
    case 'multiset': {
      const key = reader(type.kind === 'map' ? type.key : type.element);
      const read = readJsonValue(type.kind === 'map' ? type.value : { kind: 'int', nullable: true });
      return (value) => {
        if (!isObject(value)) throw misfit(value, type);
        return new Map(Object.entries(value).map(([k, v]) => [key(k), read(v)]));
      };
    }
    case 'row': {
      const fields = type.fields.map((f) => ({ name: f.name, read: readJsonValue(f.type) }));
      return (value) => {
        if (!isObject(value)) throw misfit(value, type);
        return fields.map((f) => (Object.hasOwn(value, f.name) ? f.read(value[f.name]) : null));
      };
    }
    default:
      return (value) => {
        throw misfit(value, type);
      };
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const TIMESTAMP = /^[+-]?\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/;
const TIMESTAMP_LTZ = /^[+-]?\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

const LIMITS: Readonly<Record<string, bigint>> = {
  tinyint: 1n << 7n,
  smallint: 1n << 15n,
  int: 1n << 31n,
  bigint: 1n << 63n,
};

function readInteger(value: unknown, type: DataType): number | bigint {
  const text = typeof value === 'string' ? trimJava(value) : scalarText(value, type);
  const exact = parseExact(text);
  // Only INT and BIGINT cut a number's fraction.
  const cuts = typeof value !== 'string' && (type.kind === 'int' || type.kind === 'bigint');
  if (exact === null || (!cuts && !/^[+-]?\d+$/.test(text))) throw misfit(value, type);
  const whole =
    exact.scale <= 0 ? exact.unscaled * 10n ** BigInt(-exact.scale) : exact.unscaled / 10n ** BigInt(exact.scale);
  const limit = LIMITS[type.kind]!;
  if (whole >= limit || whole < -limit) throw misfit(value, type);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : whole;
}

function readDouble(value: unknown, type: DataType): number {
  if (typeof value === 'number') return value;
  const parsed = parseDouble(trimJava(scalarText(value, type)));
  if (parsed === null) throw misfit(value, type);
  return parsed;
}

function strict<T>(value: unknown, type: DataType, form: RegExp, parse: (text: string) => T | null): T {
  const text = scalarText(value, type);
  const parsed = form.test(text) ? parse(text) : null;
  if (parsed === null) throw misfit(value, type);
  return parsed;
}

/** Returns the text of a value that is neither an array nor an object. */
function scalarText(value: unknown, type: DataType): string {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw misfit(value, type);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'object' ? exactJsonText(withDoubles(value as ExactJson)) : String(value);
}

/**
 * Replaces numbers with a fraction or an exponent by DOUBLE, for objects and arrays that become
 * text: `2.50` becomes `2.5`, `1e2` becomes `100.0`, and `1e400` the text "Infinity" (recorded:
 * `json-numbers-in-text`).
 */
function withDoubles(value: ExactJson): ExactJson {
  if (value instanceof JsonNumber) return asDouble(value.text, value);
  if (typeof value === 'number') return asDouble(String(value), value);
  if (Array.isArray(value)) return value.map((item: ExactJson) => withDoubles(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withDoubles(item as ExactJson)]));
}

function asDouble(text: string, value: JsonNumber | number): ExactJson {
  if (!/[.eE]/.test(text)) return value;
  const double = doubleText(Number(text));
  return Number.isFinite(Number(text)) ? new JsonNumber(double) : double;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof JsonNumber);

function misfit(value: unknown, type: DataType): Error {
  const shown = exactJsonText(value as ExactJson);
  return new Error(
    `${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown} is not a ${typeName({ ...type, nullable: true })}`,
  );
}
