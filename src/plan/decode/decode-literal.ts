import type { DataType } from '../../core/data-type.ts';
import type { LiteralJson } from '../expression.ts';
import { decodeAt, type Place } from './decoder.ts';

const WHOLE = /^-?\d{1,78}$/;
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const SPECIAL_FLOATS = new Set<unknown>(['NaN', 'Infinity', '-Infinity', '-0']);

/** Returns the value of a literal in the JSON form of its type (`literal.ts`). */
export function literalJson(value: unknown, type: DataType, place: Place): LiteralJson {
  if (value === null) return null;
  switch (type.kind) {
    case 'null':
      return place.refuse('null', value);
    case 'boolean':
      return typeof value === 'boolean' ? value : place.refuse('true or false', value);
    case 'tinyint':
    case 'smallint':
    case 'int':
    case 'date':
    case 'time':
    case 'interval-day-time':
    case 'interval-year-month':
      return wholeOf(value, place);
    case 'bigint':
      return textLike(value, WHOLE, 'a whole number as text', place);
    case 'float':
    case 'double':
      return typeof value === 'number' || SPECIAL_FLOATS.has(value)
        ? (value as LiteralJson)
        : place.refuse('a number', value);
    case 'decimal': {
      const decimal = textLike(value, DECIMAL, 'a decimal number as text', place);
      if ((decimal.split('.')[1]?.length ?? 0) > type.scale) place.fail(`has more digits than the scale ${type.scale}`);
      return decimal;
    }
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision > 3 ? textLike(value, WHOLE, 'nanoseconds as text', place) : wholeOf(value, place);
    case 'char':
    case 'varchar':
      return typeof value === 'string' ? value : place.refuse('text', value);
    case 'binary':
    case 'varbinary':
      return textLike(value, BASE64, 'base64', place);
    case 'array':
      return items(value, place).map((item, i) => inner(i, item, type.element, place));
    case 'row': {
      const values = items(value, place);
      if (values.length !== type.fields.length) return place.refuse(`a list of ${type.fields.length} fields`, value);
      return values.map((item, i) => inner(i, item, type.fields[i]!.type, place));
    }
    case 'map':
      return pairs(value, place, type.key, (item, at) => literalJson(item, type.value, at));
    case 'multiset':
      return pairs(value, place, type.element, wholeOf);
  }
}

const inner = (step: number, value: unknown, type: DataType, place: Place): LiteralJson =>
  decodeAt(step, value, place, (item, at) => literalJson(item, type, at));

function pairs(
  value: unknown,
  place: Place,
  key: DataType,
  decodeValue: (item: unknown, place: Place) => LiteralJson,
): LiteralJson {
  return items(value, place).map((pair, i) =>
    decodeAt(i, pair, place, (given, at) => {
      const both = items(given, at);
      if (both.length !== 2) return at.refuse('a key and a value', given);
      return [inner(0, both[0], key, at), decodeAt(1, both[1], at, decodeValue)];
    }),
  );
}

const wholeOf = (value: unknown, place: Place): number =>
  Number.isSafeInteger(value) ? (value as number) : place.refuse('a whole number', value);

function textLike(value: unknown, form: RegExp, expected: string, place: Place): string {
  return typeof value === 'string' && form.test(value) ? value : place.refuse(expected, value);
}

const items = (value: unknown, place: Place): readonly unknown[] =>
  Array.isArray(value) ? value : place.refuse('a list', value);
