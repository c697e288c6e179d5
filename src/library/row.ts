import type { DataType, Field } from '../core/data-type.ts';
import { readJsonValue } from '../formats/json-value.ts';
import { plainText } from '../formats/value-text.ts';

/**
 * A row as an object: column name → value.
 *
 * | SQL type                         | given by a result             | also taken from an input |
 * |----------------------------------|-------------------------------|--------------------------|
 * | BOOLEAN                          | boolean                       |                          |
 * | TINYINT, SMALLINT, INT           | number                        | bigint, text             |
 * | BIGINT                           | number; bigint beyond 2^53−1  | text                     |
 * | FLOAT, DOUBLE                    | number                        | text                     |
 * | DECIMAL(p, s)                    | text with s digits: `"1.50"`  | number, bigint           |
 * | CHAR, VARCHAR, STRING            | string                        | number, boolean          |
 * | BYTES                            | Uint8Array                    | text in base64           |
 * | DATE                             | `"2026-11-02"`                |                          |
 * | TIME                             | `"09:00:00"`                  |                          |
 * | TIMESTAMP                        | `"2026-11-02 09:00:00.5"`     | Date, read in UTC        |
 * | TIMESTAMP_LTZ                    | `"2026-11-02 09:00:00.5Z"`    | Date                     |
 * | ARRAY                            | array                         |                          |
 * | MAP, MULTISET                    | Map                           | object                   |
 * | ROW                              | object                        |                          |
 *
 * NULL is null. A column that an input omits is NULL.
 */
export type Row = Readonly<Record<string, unknown>>;

/** The kind of a change: +I adds a row, −U and +U replace a row, −D removes a row. */
export type ChangeKind = '+I' | '-U' | '+U' | '-D';

/** One change of a result. */
export interface Change<T = Row> {
  readonly kind: ChangeKind;
  readonly row: T;
}

/** Converts internal values (`core/data-type.ts`) to those of a `Row`. */
export function valueWriter(type: DataType): (value: unknown) => unknown {
  const write = writeNotNull(type);
  return (value) => (value === null || value === undefined ? null : write(value));
}

function writeNotNull(type: DataType): (value: unknown) => unknown {
  switch (type.kind) {
    case 'array': {
      const element = valueWriter(type.element);
      return (value) => (value as readonly unknown[]).map(element);
    }
    case 'row':
      return rowWriter(type.fields);
    case 'map': {
      const key = valueWriter(type.key);
      const item = valueWriter(type.value);
      return (value) => new Map([...(value as Map<unknown, unknown>)].map(([k, v]) => [key(k), item(v)]));
    }
    case 'multiset': {
      const element = valueWriter(type.element);
      return (value) => new Map([...(value as Map<unknown, number>)].map(([k, count]) => [element(k), count]));
    }
    case 'binary':
    case 'varbinary':
      return (value) => new Uint8Array(value as Uint8Array);
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'timestamp-ltz':
      return plainText(type);
    default:
      return (value) => value;
  }
}

/** Returns a function that converts internal values in the order of the fields to an object. */
export function rowWriter(fields: readonly Field[]): (values: unknown) => Row {
  const writers = fields.map(({ name, type }) => ({ name, write: valueWriter(type) }));
  return (values) => {
    const row: Record<string, unknown> = {};
    for (const [i, { name, write }] of writers.entries()) row[name] = write((values as readonly unknown[])[i]);
    return row;
  };
}

/**
 * Converts values of an input row to internal values by the rules of the JSON format
 * (`json-value.ts`). First converts values that JSON lacks to their JSON form. Throws if a value
 * does not fit.
 */
export function valueReader(type: DataType): (value: unknown) => unknown {
  const read = readJsonValue(type);
  return (value) => read(jsonForm(value, type));
}

function jsonForm(value: unknown, type: DataType): unknown {
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? String(value) : value;
  if (value instanceof Date) return dateForm(value, type);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) {
    return type.kind === 'array' ? value.map((item) => jsonForm(item, type.element)) : value;
  }
  if (type.kind === 'row') {
    const fields = new Map(type.fields.map((field) => [field.name, field.type]));
    return mapEntries(Object.entries(value), (key) => fields.get(key) ?? type);
  }
  if (type.kind !== 'map') return value;
  const entries = value instanceof Map ? [...value].map(([k, v]) => [String(k), v] as const) : Object.entries(value);
  return mapEntries(entries, () => type.value);
}

function mapEntries(entries: readonly (readonly [string, unknown])[], typeOf: (key: string) => DataType): object {
  return Object.fromEntries(entries.map(([key, item]) => [key, jsonForm(item, typeOf(key))]));
}

function dateForm(value: Date, type: DataType): unknown {
  if (Number.isNaN(value.getTime())) throw new Error('the date is not valid');
  const text = value.toISOString().replace('T', ' ');
  switch (type.kind) {
    case 'timestamp':
      return text.slice(0, -1);
    case 'date':
      return text.slice(0, 10);
    default:
      return text;
  }
}
