import { isUtf8 } from 'node:buffer';
import { BooleanVector, BytesVector, LongVector, NumberVector, ObjectVector, type Vector } from '../../batch/vector.ts';
import type { Field } from '../../core/data-type.ts';
import { isText, physicalOf } from '../../core/data-type.ts';
import type { JsonCursor } from './json-cursor.ts';
import { type JsonReader, type JsonReading, jsonReader } from './json-reader.ts';
import type { ColumnCells, ScanKind } from './scanner-code.ts';

const QUOTE = 34;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
/** The `n` of `null`. */
const NULL = 110;

/** One column while it is filled. */
export class JsonColumn {
  readonly name: string;
  readonly scanKind: ScanKind | null;
  readonly #read: JsonReader;
  readonly cells: ColumnCells;
  readonly #physical: ReturnType<typeof physicalOf>;
  /**
   * Values that the typed arrays cannot hold, by row: BIGINT beyond 2^53-1; all values of an object
   * column.
   */
  readonly #extra = new Map<number, unknown>();

  constructor(field: Field, capacity: number, how: JsonReading) {
    this.name = field.name;
    this.#physical = physicalOf(field.type);
    this.scanKind = scanKindOf(field);
    this.#read = jsonReader(field.type, how);
    const numeric = this.#physical === 'number' || this.#physical === 'long';
    this.cells = {
      numbers: new Float64Array(numeric ? capacity : 0),
      bits: new Uint8Array(this.#physical === 'boolean' ? capacity : 0),
      starts: new Int32Array(this.#physical === 'text' ? capacity : 0),
      ends: new Int32Array(this.#physical === 'text' ? capacity : 0),
      nulls: new Uint8Array(capacity),
      hasNulls: false,
    };
  }

  reset(): void {
    if (this.cells.hasNulls) this.cells.nulls.fill(0);
    this.cells.hasNulls = false;
    this.#extra.clear();
  }

  /**
   * Reads the value at a cursor for a row. Returns the value for `set`. A text without escapes
   * stays where it is in the buffer.
   */
  read(cursor: JsonCursor, row: number): unknown {
    const { cells } = this;
    if (this.#physical !== 'text') return this.#read(cursor);
    const byte = cursor.peek();
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === NULL) return this.#read(cursor);
    if (byte === QUOTE) cursor.scanString();
    else cursor.scanPlain();
    cells.starts[row] = cursor.tokenStart;
    cells.ends[row] = cursor.tokenEnd;
    return cursor.hasEscapes ? new EscapedText(cursor.token()) : IN_PLACE;
  }

  /** Resets the values that the scanner may have stored for an unreadable line. */
  clear(row: number): void {
    this.cells.nulls[row] = 0;
  }

  /**
   * Stores a value that `read` returned. The text of an escaped string replaces the string in the
   * buffer; it is never longer. With `isShared`, the buffer must not change, because other rows are
   * read from the same record.
   */
  set(row: number, value: unknown, buffer: Buffer, isShared: boolean): void {
    const { cells } = this;
    if (value === null) {
      cells.nulls[row] = 1;
      cells.hasNulls = true;
      return;
    }
    switch (this.#physical) {
      case 'boolean':
        cells.bits[row] = value === true ? 1 : 0;
        return;
      case 'number':
      case 'long':
        if (typeof value === 'bigint') this.#extra.set(row, value);
        else cells.numbers[row] = value as number;
        return;
      case 'text': {
        if (value === IN_PLACE) return;
        const text = value instanceof EscapedText ? value.text : (value as string);
        const fits = value instanceof EscapedText && Buffer.byteLength(text) <= cells.ends[row]! - cells.starts[row]!;
        if (fits && !isShared) cells.ends[row] = cells.starts[row]! + buffer.utf8Write(text, cells.starts[row]!);
        else this.#extra.set(row, text);
        return;
      }
      default:
        this.#extra.set(row, value);
    }
  }

  /** Replaces malformed bytes in texts by U+FFFD, as the exact reader does. */
  replaceMalformed(buffer: Buffer, count: number): void {
    const { starts, ends, nulls } = this.cells;
    if (this.#physical !== 'text') return;
    for (let row = 0; row < count; row++) {
      if (nulls[row] === 1 || this.#extra.has(row) || isUtf8(buffer.subarray(starts[row]!, ends[row]!))) continue;
      this.#extra.set(row, buffer.utf8Slice(starts[row]!, ends[row]!));
    }
  }

  finish(buffer: Buffer, count: number): Vector {
    const { cells } = this;
    const nulls = cells.hasNulls ? cells.nulls : null;
    switch (this.#physical) {
      case 'boolean':
        return new BooleanVector(cells.bits, nulls);
      case 'number':
        return new NumberVector(cells.numbers, nulls);
      case 'long': {
        if (this.#extra.size === 0) return new NumberVector(cells.numbers, nulls);
        const longs = new BigInt64Array(count);
        for (let i = 0; i < count; i++) {
          if (nulls?.[i] !== 1) longs[i] = (this.#extra.get(i) as bigint | undefined) ?? BigInt(cells.numbers[i]!);
        }
        return new LongVector(longs, nulls);
      }
      case 'text': {
        const bytes = new BytesVector(buffer, cells.starts, cells.ends, nulls);
        if (this.#extra.size === 0) return bytes;
        return new ObjectVector(Array.from({ length: count }, (_, i) => this.#extra.get(i) ?? bytes.get(i)));
      }
      default:
        return new ObjectVector(Array.from({ length: count }, (_, i) => this.#extra.get(i) ?? null));
    }
  }
}

/** A text that `read` left in the buffer. */
const IN_PLACE = Symbol('in place');

/** The text of a string with escapes. */
class EscapedText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function scanKindOf(field: Field): ScanKind | null {
  const { type } = field;
  switch (type.kind) {
    case 'bigint':
      return 'long';
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'double':
    case 'boolean':
      return type.kind;
    case 'timestamp':
      return type.precision === 3 ? 'timestamp' : null;
    default:
      return isText(type) && type.kind === 'varchar' && type.length === 2147483647 ? 'text' : null;
  }
}
