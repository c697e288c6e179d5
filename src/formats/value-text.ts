import type { DataType } from '../core/data-type.ts';
import { EngineError } from '../core/engine-error.ts';
import { decimalText } from '../functions/decimal.ts';
import { doubleText, floatText } from '../functions/number-text.ts';
import { dateText, timestampText, timeText } from '../functions/time/time-text.ts';

/** Writes one value that may be NULL. */
export type ValueWriter = (value: unknown) => string;

/**
 * Converts an internal value to JSON like Flink's json format. Times become SQL text (`2026-01-01
 * 00:00:00.25`, TIMESTAMP_LTZ in UTC with `Z`), without a fraction of zero; with `iso`, a `T`
 * separates date and time. BYTES become base64. NaN and Infinity become text. DECIMAL has all
 * digits of its scale. BIGINT has all digits.
 */
export function writeJsonValue(type: DataType, iso = false): ValueWriter {
  const write = writeNotNull(type, iso);
  return (value) => (value === null || value === undefined ? 'null' : write(value));
}

function writeNotNull(type: DataType, iso: boolean): ValueWriter {
  switch (type.kind) {
    case 'float':
      return (value) => finite(value as number, floatText);
    case 'double':
      return (value) => finite(value as number, doubleText);
    case 'array': {
      const element = writeJsonValue(type.element, iso);
      return (value) => `[${(value as readonly unknown[]).map(element).join(',')}]`;
    }
    case 'row': {
      const fields = type.fields.map((field) => ({
        key: `${JSON.stringify(field.name)}:`,
        write: writeJsonValue(field.type, iso),
      }));
      return (value) =>
        `{${fields.map(({ key, write }, i) => key + write((value as readonly unknown[])[i])).join(',')}}`;
    }
    case 'map':
      return mapWriter(type.key, writeJsonValue(type.value, iso));
    case 'multiset':
      return mapWriter(type.element, String);
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
    case 'decimal':
    case 'interval-day-time':
    case 'interval-year-month':
    case 'null':
      return plainText(type);
    case 'timestamp':
    case 'timestamp-ltz': {
      const text = plainText(type);
      return iso ? (value) => JSON.stringify(text(value).replace(' ', 'T')) : (value) => JSON.stringify(text(value));
    }
    default: {
      const text = plainText(type);
      return (value) => JSON.stringify(text(value));
    }
  }
}

const finite = (value: number, write: (value: number) => string): string =>
  Number.isFinite(value) ? write(value) : `"${write(value)}"`;

/** Writes a map. JSON keys are texts, so other keys are written as their text. */
function mapWriter(key: DataType, value: ValueWriter): ValueWriter {
  const keyText = plainText(key);
  return (map) => {
    const entries = [...(map as ReadonlyMap<unknown, unknown>)].map(([k, v]) => {
      if (k === null) throw new EngineError('FORMAT_MALFORMED', 'a MAP with a NULL key cannot be written as JSON');
      return `${JSON.stringify(keyText(k))}:${value(v)}`;
    });
    return `{${entries.join(',')}}`;
  };
}

/**
 * Converts a value other than NULL to plain text. JSON strings, CSV cells and table output use the
 * same text. Nested values become JSON.
 */
export function plainText(type: DataType): ValueWriter {
  switch (type.kind) {
    case 'decimal':
      return (value) => decimalText(value as number | bigint, type.scale);
    case 'float':
      return (value) => floatText(value as number);
    case 'double':
      return (value) => doubleText(value as number);
    case 'date':
      return (value) => dateText(value as number);
    case 'time':
      return (value) => timeText(value as number, 'trimmed');
    case 'timestamp':
      return (value) => timestampText(value as number | bigint, 'trimmed');
    case 'timestamp-ltz':
      return (value) => `${timestampText(value as number | bigint, 'trimmed')}Z`;
    case 'binary':
    case 'varbinary':
      return (value) => Buffer.from(value as Uint8Array).toString('base64');
    case 'array':
    case 'map':
    case 'multiset':
    case 'row':
      return writeJsonValue(type);
    default:
      return String;
  }
}
