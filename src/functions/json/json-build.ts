import type { DataType } from '../../core/data-type.ts';
import { isText, STRING, typeName, withNullable } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { compareText } from '../compare-values.ts';
import { decimalText } from '../decimal.ts';
import { define, literalText } from '../define.ts';
import { doubleText } from '../number-text.ts';
import type { ScalarFunction } from '../scalar-function.ts';
import { anyParameter, signature, textParameter } from '../signature.ts';
import { timestampText } from '../time/time-text.ts';
import { canonicalJson, readJson } from './read-json.ts';

/** JSON_OBJECT, JSON_ARRAY, JSON_STRING, JSON, JSON_QUOTE, JSON_UNQUOTE. */

/**
 * A text that is JSON already. JSON_OBJECT and JSON_ARRAY insert it unchanged. The compiler wraps a
 * JSON_OBJECT or JSON_ARRAY that is an argument of another one in `JSON(…)`. JSON may be called
 * nowhere else, so the value never leaves the two functions.
 */
class RawJson {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Writes a value that is not NULL; null if the type cannot be written as JSON. */
function jsonWriter(type: DataType): ((value: never) => string) | null {
  if (isText(type)) return (value: string | RawJson) => (isRaw(value) ? value.text : JSON.stringify(value));
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'bigint':
      return (value: unknown) => String(value);
    case 'float':
    case 'double':
      // A FLOAT with the digits of its DOUBLE, as Flink writes it.
      return (value: number) => (Number.isFinite(value) ? doubleText(value) : `"${doubleText(value)}"`);
    case 'decimal':
      return (value: number | bigint) => decimalText(value, type.scale);
    case 'timestamp':
      return (value: number | bigint) => `"${timestampText(value, 'trimmed').replace(' ', 'T')}"`;
    case 'timestamp-ltz':
      return (value: number | bigint) => `"${timestampText(value, 'trimmed').replace(' ', 'T')}Z"`;
    case 'binary':
    case 'varbinary':
      return (value: Uint8Array) => JSON.stringify(Buffer.from(value).toString('base64'));
    case 'array': {
      const element = nullableWriter(type.element);
      return element && ((value: readonly unknown[]) => `[${value.map(element).join(',')}]`);
    }
    case 'row': {
      const writers = type.fields.map((field) => nullableWriter(field.type));
      if (writers.includes(null)) return null;
      return (value: readonly unknown[]) =>
        object(type.fields.map((field, i) => [field.name, writers[i]!(value[i])] as const));
    }
    case 'map': {
      const value = nullableWriter(type.value);
      if (!isText(type.key) || value === null) return null;
      return (map: Map<string, unknown>) => object([...map].map(([k, v]) => [k, value(v)] as const));
    }
    case 'null':
      return () => 'null';
    default:
      return null;
  }
}

const isRaw = (value: string | RawJson): value is RawJson => value instanceof RawJson;

function nullableWriter(type: DataType): ((value: unknown) => string) | null {
  const write = jsonWriter(type);
  return write && ((value) => (value === null ? 'null' : write(value as never)));
}

const object = (entries: readonly (readonly [string, string])[]): string =>
  `{${entries.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;

function unwritable(types: readonly DataType[]): DataType | undefined {
  return types.find((type) => jsonWriter(type) === null);
}

const jsonObject: ScalarFunction = {
  name: 'JSON_OBJECT',
  summary:
    'A JSON object, with its keys sorted. NULL values are written as null. With ABSENT ON NULL they are left out.',
  nulls: 'handled',
  resolve(infos) {
    if (infos.length % 2 === 0 || literalText(infos[0]) === null) return { mismatch: 'expects a value for every key' };
    for (let i = 1; i < infos.length; i += 2) {
      if (!isText(infos[i]!.type)) return { mismatch: `expects texts as keys, got ${typeName(infos[i]!.type)}` };
    }
    const args = infos.map(({ type }) => type);
    const wrong = unwritable(args.filter((_, i) => i > 0 && i % 2 === 0));
    if (wrong) return { mismatch: `a ${typeName(wrong)} cannot be written as JSON`, hint: 'CAST it to STRING' };
    return { args, result: withNullable(STRING, false) };
  },
  scalar(args) {
    const writers = args.map((type, i) => (i > 0 && i % 2 === 0 ? nullableWriter(type) : null));
    return (nullMode: string, ...values: unknown[]) => {
      const entries = new Map<string, string>();
      for (let i = 0; i < values.length; i += 2) {
        const key = values[i];
        if (key === null) throw new EngineError('EXPRESSION_FAILED', 'JSON_OBJECT: a key is NULL');
        if (values[i + 1] === null && nullMode === 'ABSENT') continue;
        entries.set(key as string, writers[i + 2]!(values[i + 1]));
      }
      return object([...entries].sort(([a], [b]) => compareText(a, b)));
    };
  },
};

const jsonArray: ScalarFunction = {
  name: 'JSON_ARRAY',
  summary: 'A JSON array of the values. NULL values are left out. With NULL ON NULL they are written as null.',
  nulls: 'handled',
  resolve(infos) {
    if (literalText(infos[0]) === null) return { mismatch: 'expects values' };
    const args = infos.map(({ type }) => type);
    const wrong = unwritable(args.slice(1));
    if (wrong) return { mismatch: `a ${typeName(wrong)} cannot be written as JSON`, hint: 'CAST it to STRING' };
    return { args, result: withNullable(STRING, false) };
  },
  scalar(args) {
    const writers = args.map(nullableWriter);
    return (nullMode: string, ...values: unknown[]) => {
      const items = values.flatMap((value, i) =>
        value === null && nullMode === 'ABSENT' ? [] : [writers[i + 1]!(value)],
      );
      return `[${items.join(',')}]`;
    };
  },
};

const jsonString: ScalarFunction = {
  name: 'JSON_STRING',
  summary: 'The value written as JSON.',
  resolve(infos, environment) {
    const wrong = infos[0] && unwritable([infos[0].type]);
    if (wrong) return { mismatch: `a ${typeName(wrong)} cannot be written as JSON`, hint: 'CAST it to STRING' };
    return signature([anyParameter], STRING)(infos, environment);
  },
  scalar: ([type]) => jsonWriter(type!) as (value: unknown) => string,
};

const json: ScalarFunction = define({
  name: 'JSON',
  summary: 'Inserts a text of JSON as it is. Only JSON_OBJECT and JSON_ARRAY accept it as a value.',
  resolve: signature([textParameter], STRING),
  kernel: (text: string) => {
    const value = readJson(text);
    if (value === undefined) throw new EngineError('EXPRESSION_FAILED', `JSON: '${text.slice(0, 60)}' is not JSON`);
    return new RawJson(canonicalJson(value));
  },
});

/** Quotes and escapes; everything that is not ASCII as `\u…`, the slash too. */
function quote(text: string): string {
  return JSON.stringify(text)
    .replaceAll('/', '\\/')
    .replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Returns the text of a JSON string; anything else as it is. */
function unquote(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : text;
  } catch {
    return text;
  }
}

export const JSON_BUILDING: readonly ScalarFunction[] = [
  jsonObject,
  jsonArray,
  jsonString,
  json,
  define({
    name: 'JSON_QUOTE',
    summary: 'The text as a JSON string.',
    resolve: signature([textParameter], STRING),
    kernel: quote,
  }),
  define({
    name: 'JSON_UNQUOTE',
    summary: 'The text of a JSON string. Another text is returned unchanged.',
    resolve: signature([textParameter], STRING),
    kernel: unquote,
  }),
];
