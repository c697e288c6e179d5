import { isUtf8 } from 'node:buffer';
import {
  BooleanVector,
  BytesVector,
  LongVector,
  type Nulls,
  NumberVector,
  ObjectVector,
  type Vector,
} from '../../batch/vector.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import { isText, physicalOf } from '../../core/data-type.ts';
import { type EscapedTexts, type JsonColumn, nullsOf } from './json-column.ts';
import type { JsonCursor } from './json-cursor.ts';
import { type JsonReader, type JsonReading, jsonReader } from './json-reader.ts';
import type { ColumnCells, ScanType } from './scanner-code.ts';

const QUOTE = 34;
const OPEN_ARRAY = 91;
const OPEN_OBJECT = 123;
/** The `n` of `null`. */
const NULL = 110;

/** A column of any type but ROW. */
export class JsonValueColumn implements JsonColumn {
  readonly name: string;
  readonly scanType: ScanType;
  readonly cells: ColumnCells;
  readonly #read: JsonReader;
  readonly #physical: ReturnType<typeof physicalOf>;
  readonly #escaped: EscapedTexts;
  /** Values by row that the typed arrays cannot hold, such as BIGINT beyond 2^53-1. */
  readonly #extra = new Map<number, unknown>();
  /** Counts the reads, so that a text with escapes is not written over a later value of its row. */
  #reads = 0;

  constructor(field: Field, capacity: number, how: JsonReading, escaped: EscapedTexts) {
    this.name = field.name;
    this.#physical = physicalOf(field.type);
    this.#escaped = escaped;
    this.scanType = scanTypeOf(field.type);
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

  clear(row: number): void {
    this.cells.nulls[row] = 0;
    if (this.#extra.size > 0) this.#extra.delete(row);
  }

  setNull(row: number): void {
    this.clear(row);
    this.#reads++;
    this.cells.nulls[row] = 1;
    this.cells.hasNulls = true;
  }

  /** A text without escapes stays where it is in the buffer. */
  read(cursor: JsonCursor, row: number): void {
    this.#reads++;
    const byte = this.#physical === 'text' ? cursor.peek() : NULL;
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY || byte === NULL) {
      this.#set(row, this.#read(cursor));
      return;
    }
    if (byte === QUOTE) cursor.scanString();
    else cursor.scanPlain();
    this.clear(row);
    this.cells.starts[row] = cursor.tokenStart;
    this.cells.ends[row] = cursor.tokenEnd;
    if (cursor.hasEscapes) this.#deferEscaped(cursor.token(), row);
  }

  /**
   * The text of an escaped string replaces the string in the buffer, because it is never longer.
   */
  #deferEscaped(text: string, row: number): void {
    const read = this.#reads;
    const { starts, ends } = this.cells;
    this.#escaped.add((buffer, isShared) => {
      if (read !== this.#reads) return;
      const fits = !isShared && Buffer.byteLength(text) <= ends[row]! - starts[row]!;
      if (fits) ends[row] = starts[row]! + buffer.utf8Write(text, starts[row]!);
      else this.#extra.set(row, text);
    });
  }

  #set(row: number, value: unknown): void {
    if (value === null) {
      this.setNull(row);
      return;
    }
    this.clear(row);
    switch (this.#physical) {
      case 'boolean':
        this.cells.bits[row] = value === true ? 1 : 0;
        return;
      case 'number':
      case 'long':
        if (typeof value === 'bigint') this.#extra.set(row, value);
        else this.cells.numbers[row] = value as number;
        return;
      default:
        this.#extra.set(row, value);
    }
  }

  replaceMalformed(buffer: Buffer, count: number): void {
    const { starts, ends, nulls } = this.cells;
    if (this.#physical !== 'text') return;
    for (let row = 0; row < count; row++) {
      if (nulls[row] === 1 || this.#extra.has(row) || isUtf8(buffer.subarray(starts[row]!, ends[row]!))) continue;
      this.#extra.set(row, buffer.utf8Slice(starts[row]!, ends[row]!));
    }
  }

  finish(buffer: Buffer, count: number, outer: Nulls): Vector {
    const { cells } = this;
    const nulls = nullsOf(cells, outer, count);
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
        return new ObjectVector(
          Array.from({ length: count }, (_, i) => (nulls?.[i] === 1 ? null : (this.#extra.get(i) ?? bytes.get(i)))),
        );
      }
      default:
        return new ObjectVector(
          Array.from({ length: count }, (_, i) => (nulls?.[i] === 1 ? null : (this.#extra.get(i) ?? null))),
        );
    }
  }
}

function scanTypeOf(type: DataType): ScanType {
  switch (type.kind) {
    case 'bigint':
      return { kind: 'long' };
    case 'int':
    case 'smallint':
    case 'tinyint':
    case 'double':
    case 'boolean':
      return { kind: type.kind };
    case 'decimal':
      return type.precision <= 15 ? { kind: 'decimal', decimal: type } : { kind: 'exact' };
    case 'timestamp':
    case 'timestamp-ltz':
      return type.precision === 3 ? { kind: type.kind } : { kind: 'exact' };
    default:
      return isText(type) ? { kind: 'text' } : { kind: 'exact' };
  }
}
