import { type DataType, isInteger, typeName } from '../core/data-type.ts';
import { type ExactJson, exactJsonText, JsonNumber, parseJsonExactly } from '../core/exact-json.ts';
import { trimJava } from '../core/java-text.ts';
import { parseDecimal, parseExact, strippedText } from '../functions/decimal.ts';
import { doubleText, parseDouble } from '../functions/number-text.ts';
import { parseDate, parseTime, parseTimestamp, timestampOfNanos } from '../functions/time/time-text.ts';

export { parseJsonExactly };

/** How values are read. */
export interface ValueReading {
  /** Timestamps have the form of ISO-8601 (`2026-01-01T00:00:00`) instead of SQL. */
  readonly iso?: boolean;
  /**
   * Numbers in objects and arrays that become text keep their digits. Otherwise they are DOUBLE.
   */
  readonly hasDecimal?: boolean;
}

/**
 * Reads a parsed JSON value as a column's type, as Flink's json format does
 * (JsonToRowDataConverters; recorded: `json-input-forms`, `json-input-big`): numbers are accepted
 * as texts and texts as numbers. Integers lose their fraction. A DECIMAL that does not fit is NULL.
 * Throws if any other value does not fit.
 */
export function readJsonValue(type: DataType, how: ValueReading = {}): (value: unknown) => unknown {
  const read = reader(type, how);
  return (value) => (value === null || value === undefined ? null : read(value));
}

function reader(type: DataType, how: ValueReading): (value: unknown) => unknown {
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
      return how.hasDecimal ? (value) => textOf(value, asDecimal) : (value) => textOf(value, asDouble);
    case 'binary':
    case 'varbinary':
      return (value) => {
        if (typeof value !== 'string') throw misfit(value, type);
        return Buffer.from(
          strict(value, type, BASE64, (text) => text),
          'base64',
        );
      };
    case 'date':
      return (value) => strict(value, type, /^[+-]?\d{4,}-\d\d-\d\d$/, parseDate);
    case 'time':
      return (value) =>
        strict(value, type, /^\d\d:\d\d:\d\d(\.\d{1,9})?Z?$/, (text) => (text === '24:00:00' ? 0 : parseTime(text)));
    case 'timestamp':
    case 'timestamp-ltz':
      return timestampReader(type, how);
    case 'array': {
      const element = readJsonValue(type.element, how);
      return (value) => {
        if (!Array.isArray(value)) throw misfit(value, type);
        return value.map(element);
      };
    }
    case 'map':
    case 'multiset': {
      const key = reader(type.kind === 'map' ? type.key : type.element, how);
      const read = readJsonValue(type.kind === 'map' ? type.value : { kind: 'int', nullable: true }, how);
      return (value) => {
        if (!isObject(value)) throw misfit(value, type);
        return new Map(Object.entries(value).map(([k, v]) => [key(k), read(v)]));
      };
    }
    case 'row': {
      const fields = type.fields.map((f) => ({ name: f.name, read: readJsonValue(f.type, how) }));
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

/** Blanks may separate groups of four characters (Jackson: Base64Variant). */
const BASE64 = /^\s*(?:[A-Za-z0-9+/]{4}\s*)*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\s*$/;
const LIMITS: Readonly<Record<string, bigint>> = {
  tinyint: 1n << 7n,
  smallint: 1n << 15n,
  int: 1n << 31n,
  bigint: 1n << 63n,
};

/** An integer up to this limit is in the range of the type and has only one form. */
const SAFE_LIMITS: Readonly<Record<string, number>> = {
  tinyint: 127,
  smallint: 32767,
  int: 2147483647,
  bigint: Number.MAX_SAFE_INTEGER,
};

function readInteger(value: unknown, type: DataType): number | bigint {
  // A number with a fraction or an exponent is a JsonNumber if JavaScript writes it differently.
  if (Number.isSafeInteger(value) && Math.abs(value as number) <= SAFE_LIMITS[type.kind]!) return value as number;
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
  if (value instanceof JsonNumber) return Number(value.text);
  const parsed = parseDouble(trimJava(scalarText(value, type)));
  if (parsed === null) throw misfit(value, type);
  return parsed;
}

/**
 * A TIMESTAMP has no zone, a TIMESTAMP_LTZ ends with `Z`. In ISO-8601 the seconds may be missing, a
 * day must exist, and a TIMESTAMP_LTZ may have an offset, which Flink does not read.
 */
function timestampReader(
  type: Extract<DataType, { kind: 'timestamp' | 'timestamp-ltz' }>,
  { iso = false }: ValueReading,
): (value: unknown) => unknown {
  const isLocal = type.kind === 'timestamp-ltz';
  const zone = isLocal ? (iso ? '(Z|[+-]\\d\\d:\\d\\d)' : '(Z)') : '()';
  const time = iso ? 'T(\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?)' : ' (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?)';
  const form = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)${time}${zone}$`);
  return (value) => {
    const parts = form.exec(scalarText(value, type));
    const seconds = parts?.[2]?.length === 5 ? ':00' : '';
    const isStrict = !iso || (parseDate(parts?.[1] ?? '') !== null && !parts![2]!.startsWith('24'));
    const nanos = parts === null || !isStrict ? null : parseTimestamp(`${parts[1]} ${parts[2]}${seconds}`);
    if (nanos === null) throw iso ? misfit(value, type) : misfitTimestamp(value, type);
    return timestampOfNanos(nanos - offsetNanos(parts![3]!), type.precision);
  };
}

/** Names the option that reads the text, if it has the form of ISO-8601. */
function misfitTimestamp(value: unknown, type: DataType): Error {
  const error = misfit(value, type);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) {
    error.message += " (a `T` is read with 'json.timestamp-format.standard' = 'ISO-8601')";
  }
  return error;
}

function offsetNanos(zone: string): bigint {
  if (zone === '' || zone === 'Z') return 0n;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return BigInt(zone[0] === '-' ? -minutes : minutes) * 60_000_000_000n;
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

type NumberForm = (text: string, value: JsonNumber | number) => ExactJson;

function textOf(value: unknown, form: NumberForm): string {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'object' ? exactJsonText(withNumbers(value as ExactJson, form)) : String(value);
}

/** Replaces the numbers of an object or array that becomes text. */
function withNumbers(value: ExactJson, form: NumberForm): ExactJson {
  if (value instanceof JsonNumber) return form(value.text, value);
  if (typeof value === 'number') return form(String(value), value);
  if (Array.isArray(value)) return value.map((item: ExactJson) => withNumbers(item, form));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withNumbers(item as ExactJson, form)]));
}

/** `2.50` becomes `2.5`, `1e2` becomes `1E+2` (Java: BigDecimal.stripTrailingZeros). */
function asDecimal(text: string, value: JsonNumber | number): ExactJson {
  const exact = /[.eE]/.test(text) ? parseExact(text) : null;
  return exact === null ? value : new JsonNumber(strippedText(exact.unscaled, exact.scale));
}

/**
 * Numbers with a fraction or an exponent become DOUBLE: `2.50` becomes `2.5`, `1e2` becomes
 * `100.0`, and `1e400` the text "Infinity" (recorded: `json-numbers-in-text`).
 */
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
