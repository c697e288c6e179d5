import type { DataType } from '../../core/data-type.ts';
import { isText, isTimestamp, typeName } from '../../core/data-type.ts';
import { EngineError } from '../../core/engine-error.ts';
import { readJsonValue } from '../json-value.ts';
import { type JsonCursor, JsonSyntaxError } from './json-cursor.ts';
import type { JsonOptions } from './json-options.ts';
import { MinuteClock } from './minute-clock.ts';

const QUOTE = 34;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** Reads the value at a cursor and moves behind it. */
export type JsonReader = (cursor: JsonCursor) => unknown;

/** How values are read, besides the options of the table. */
export interface JsonReading extends JsonOptions {
  /** The read columns contain a DECIMAL. Numbers in nested texts then keep their digits. */
  readonly hasDecimal: boolean;
}

/**
 * Creates the reader of a column's type, as Flink's json format reads it
 * (JsonParserToRowDataConverters; recorded: `test/sweeps/json`). Throws if the value does not fit.
 * With `ignoreErrors` such a value is NULL, at any depth.
 */
export function jsonReader(type: DataType, how: JsonReading): JsonReader {
  const read = notNullReader(type, how);
  if (!how.ignoreErrors) return read;
  return (cursor) => {
    try {
      return read(cursor);
    } catch (error) {
      if (error instanceof JsonSyntaxError) throw error;
      return null;
    }
  };
}

function notNullReader(type: DataType, how: JsonReading): JsonReader {
  switch (type.kind) {
    case 'array': {
      const element = jsonReader(type.element, how);
      return (cursor) => {
        if (cursor.peek() !== OPEN_ARRAY) return otherThan(cursor, type);
        const items: unknown[] = [];
        let problem: unknown = null;
        for (let more = cursor.enter(CLOSE_ARRAY); more; more = cursor.next(CLOSE_ARRAY)) {
          try {
            items.push(element(cursor));
          } catch (error) {
            problem ??= continuing(error);
          }
        }
        return orThrow(items, problem);
      };
    }
    case 'map':
    case 'multiset':
      return mapReader(type, how);
    case 'row':
      return rowReader(type, how);
    default: {
      const convert = readJsonValue(type, how);
      if (isTimestamp(type) && type.precision === 3) return timestampReader(convert, type, how);
      return isText(type) ? (cursor) => convert(cursor.readTree()) : (cursor) => convert(readScalar(cursor, type));
    }
  }
}

/** Most timestamps have the usual form and the same minute as the previous timestamp. */
function timestampReader(convert: (value: unknown) => unknown, type: DataType, { iso }: JsonReading): JsonReader {
  const clock = new MinuteClock(iso ? 'T' : ' ');
  const zone = type.kind === 'timestamp-ltz';
  return (cursor) => {
    if (cursor.peek() === QUOTE) {
      const ms = cursor.timestamp(clock, zone);
      if (!Number.isNaN(ms)) return ms;
    }
    return convert(readScalar(cursor, type));
  };
}

function mapReader(type: Extract<DataType, { kind: 'map' | 'multiset' }>, how: JsonReading): JsonReader {
  const key = readJsonValue(type.kind === 'map' ? type.key : type.element, how);
  const value = jsonReader(type.kind === 'map' ? type.value : { kind: 'int', nullable: true }, how);
  return (cursor) => {
    if (cursor.peek() !== OPEN_OBJECT) return otherThan(cursor, type);
    const entries = new Map<unknown, unknown>();
    let problem: unknown = null;
    for (let more = cursor.enter(CLOSE_OBJECT); more; more = cursor.next(CLOSE_OBJECT)) {
      cursor.scanKey();
      const name = cursor.token();
      try {
        entries.set(key(name), value(cursor));
      } catch (error) {
        problem ??= continuing(error);
      }
    }
    return orThrow(entries, problem);
  };
}

function rowReader(type: Extract<DataType, { kind: 'row' }>, how: JsonReading): JsonReader {
  const readers = type.fields.map((field) => jsonReader(field.type, how));
  const members = new JsonMembers(
    type.fields.map((field) => field.name),
    how,
  );
  return (cursor) => {
    if (cursor.peek() !== OPEN_OBJECT) return otherThan(cursor, type);
    const values: unknown[] = new Array(readers.length).fill(null);
    let problem: unknown = null;
    members.read(cursor, (i) => {
      try {
        values[i] = readers[i]!(cursor);
      } catch (error) {
        problem ??= continuing(error);
      }
    });
    return orThrow(values, problem);
  };
}

/**
 * Reads the members of an object. Flink reads only as many members with a known key as there are
 * columns. So if a key occurs twice, a later column is not read.
 */
export class JsonMembers {
  readonly #keys: readonly Buffer[];
  readonly #byName: ReadonlyMap<string, number>;
  readonly #failOnMissing: boolean;

  constructor(names: readonly string[], { failOnMissing }: JsonOptions) {
    this.#keys = names.map((name) => Buffer.from(name));
    this.#byName = new Map(names.map((name, i) => [name, i]));
    this.#failOnMissing = failOnMissing;
  }

  /**
   * Calls `member` with the number of the key, at its value. `member` must move behind the value.
   */
  read(cursor: JsonCursor, member: (index: number) => void): void {
    const wanted = this.#keys.length;
    let found = 0;
    let expected = 0;
    for (let more = cursor.enter(CLOSE_OBJECT); more; more = cursor.next(CLOSE_OBJECT)) {
      cursor.scanKey();
      const index = found < wanted ? this.#find(cursor, expected) : -1;
      if (index < 0) {
        cursor.skip();
        continue;
      }
      found++;
      expected = index + 1 === wanted ? 0 : index + 1;
      member(index);
    }
    if (this.#failOnMissing && found < wanted) {
      throw new EngineError('FORMAT_MALFORMED', `the object has ${found} of the ${wanted} fields that are read`);
    }
  }

  /**
   * Returns the number of the scanned key, or -1. Most objects have their keys in the same order.
   */
  #find(cursor: JsonCursor, expected: number): number {
    const { buffer, tokenStart, tokenEnd } = cursor;
    const key = this.#keys[expected]!;
    if (!cursor.hasEscapes && tokenEnd - tokenStart === key.length) {
      let i = 0;
      while (i < key.length && buffer[tokenStart + i] === key[i]) i++;
      if (i === key.length) return expected;
    }
    return this.#byName.get(cursor.token()) ?? -1;
  }
}

/** Reads a string, number or literal. Skips an object or array and throws. */
function readScalar(cursor: JsonCursor, type: DataType): string | boolean | null | ReturnType<JsonCursor['number']> {
  const byte = cursor.peek();
  if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) return otherThan(cursor, type);
  if (byte === QUOTE) {
    cursor.scanString();
    return cursor.token();
  }
  const kind = cursor.scanPlain();
  return kind === 'number' ? cursor.number() : kind === 'null' ? null : kind === 'true';
}

/** Skips a value of another kind than the type has. Throws unless it is NULL. */
export function otherThan(cursor: JsonCursor, type: DataType): null {
  const start = cursor.at;
  const isNull = cursor.peek() === 110;
  cursor.skip();
  if (isNull) return null;
  const shown = cursor.buffer.utf8Slice(start, Math.min(cursor.at, start + 60));
  throw new EngineError(
    'FORMAT_MALFORMED',
    `${shown}${cursor.at - start > 60 ? '…' : ''} is not a ${typeName({ ...type, nullable: true })}`,
  );
}

/**
 * After a value that does not fit, the rest of the object is still read. Other errors are thrown.
 */
function continuing(error: unknown): unknown {
  if (error instanceof JsonSyntaxError) throw error;
  return error;
}

function orThrow<T>(value: T, problem: unknown): T {
  if (problem !== null) throw problem;
  return value;
}
