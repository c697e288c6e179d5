import { isUtf8 } from 'node:buffer';
import { Batch } from '../../batch/batch.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import { EscapedTexts } from './json-column.ts';
import { JsonCursor, JsonSyntaxError } from './json-cursor.ts';
import { type JsonOptions, STRICT_JSON } from './json-options.ts';
import { JsonRowColumn } from './json-row-column.ts';
import { JsonScanner } from './json-scanner.ts';

const NEWLINE = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;

/**
 * Decodes JSON lines into columns. Decodes only the fields that are read. The generated scanner
 * reads lines in their usual form. The exact reader (`JsonCursor`) reads every other line. Both
 * return the same values. Text remains in the block as slices. Decoded text with escapes overwrites
 * the raw string, which is never shorter. Malformed UTF-8 in a text becomes U+FFFD (ADR 0041). An
 * array of objects in a line gives a row for each object, as in Flink.
 */
export class JsonDecoder implements RowDecoder {
  readonly #fields: readonly Field[];
  readonly #capacity: number;
  readonly #onMalformed: MalformedHandler;
  /** The columns of the table. */
  readonly #table: JsonRowColumn;
  readonly #escaped = new EscapedTexts();
  readonly #scanner: JsonScanner;
  #ranges = new Int32Array(0);
  /** The end of the lines that are being decoded. */
  #linesEnd = 0;
  readonly #cursor = new JsonCursor();

  constructor(
    fields: readonly Field[],
    capacity: number,
    onMalformed: MalformedHandler,
    options: JsonOptions = STRICT_JSON,
  ) {
    this.#fields = fields;
    this.#capacity = capacity;
    this.#onMalformed = onMalformed;
    const how = { ...options, hasDecimal: fields.some((field) => hasDecimal(field.type)) };
    this.#table = new JsonRowColumn('', fields, capacity, how, this.#escaped);
    this.#scanner = new JsonScanner(this.#table, this.#escaped, options);
  }

  endOfLines(buffer: Buffer, from: number, to: number): number {
    return from + buffer.subarray(from, to).lastIndexOf(NEWLINE) + 1;
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number, taken = 0): Decoded {
    const limit = this.#begin(maxRows);
    const scanner = this.#scanner;
    let at = from;
    let done = taken;
    this.#linesEnd = to;
    if (done === 0) scanner.learnMissed(buffer, from, to);
    while (at < to && scanner.count < limit) {
      if (done === 0) {
        at = scanner.scan(buffer, at, to, limit);
        if (at >= to || scanner.count >= limit) break;
      }
      let end = buffer.indexOf(NEWLINE, at);
      if (end < 0) end = to;
      done = this.#readExactly(buffer, at, end, -1, limit, done);
      if (done > 0) break;
      at = end + 1;
    }
    const next = Math.min(at, to);
    return { batch: this.#finish(buffer, from, done > 0 ? to : next), next, taken: done };
  }

  decodeValues({ buffer, count, starts, ends }: ByteRanges, from: number, maxRows: number, taken = 0): DecodedValues {
    const limit = this.#begin(maxRows);
    if (this.#ranges.length < limit) this.#ranges = new Int32Array(limit);
    const scanner = this.#scanner;
    let range = from;
    let done = taken;
    if (done === 0 && from < count && starts[from]! >= 0) scanner.learnMissed(buffer, starts[from]!, ends[from]!);
    for (; range < count && scanner.count < limit; range++) {
      if (starts[range]! < 0 || starts[range] === ends[range]) continue;
      const before = scanner.count;
      done = this.#readValue(buffer, starts[range]!, ends[range]!, range, limit, done);
      this.#ranges.fill(range, before, scanner.count);
      if (done > 0) break;
    }
    return { batch: this.#finish(buffer, 0, buffer.length), ranges: this.#ranges, next: range, taken: done };
  }

  /**
   * Reads one record. The scanner needs a line break after the record. So this method replaces the
   * next byte by a line break and restores the byte afterwards.
   */
  #readValue(buffer: Buffer, start: number, end: number, range: number, limit: number, taken: number): number {
    const scanner = this.#scanner;
    if (taken === 0 && end < buffer.length) {
      const before = scanner.count;
      const behind = buffer[end]!;
      buffer[end] = NEWLINE;
      const stopped = scanner.scan(buffer, start, end + 1, before + 1);
      buffer[end] = behind;
      if (scanner.count > before && stopped === end + 1) return 0;
      // A line break inside the value: the scanner may have read a part of it.
      scanner.count = before;
    }
    return this.#readExactly(buffer, start, end, range, limit, taken);
  }

  /** Empties the columns. Returns the number of rows for which they have room. */
  #begin(maxRows: number): number {
    this.#scanner.count = 0;
    this.#table.reset();
    return Math.min(maxRows, this.#capacity);
  }

  /** `buffer[from, to)` contains all texts of the batch. */
  #finish(buffer: Buffer, from: number, to: number): Batch {
    const { count } = this.#scanner;
    if (!isUtf8(buffer.subarray(from, to))) this.#table.replaceMalformed(buffer, count);
    return new Batch(
      count,
      this.#table.columns.map((column) => column.finish(buffer, count, null)),
    );
  }

  /**
   * Reads a record; one of blanks has no rows. `taken` rows of it were read before. Returns 0 if
   * the record is read to its end, otherwise the number of its rows that are read.
   */
  #readExactly(buffer: Buffer, start: number, end: number, range: number, limit: number, taken: number): number {
    const cursor = this.#cursor;
    cursor.open(buffer, start, end);
    try {
      const first = cursor.peek();
      if (first === OPEN_OBJECT) {
        this.#readObject();
        this.#scanner.learn(buffer, start, range < 0 ? this.#linesEnd : end);
        this.#escaped.write(buffer, false);
        return 0;
      }
      if (first < 0) return 0;
      if (first !== OPEN_ARRAY) {
        cursor.skip();
        throw new JsonSyntaxError('a JSON object is expected');
      }
      let row = 0;
      for (let more = cursor.enter(CLOSE_ARRAY); more; more = cursor.next(CLOSE_ARRAY)) {
        if (cursor.peek() !== OPEN_OBJECT) throw new JsonSyntaxError('an element of the array is not an object');
        if (row++ < taken) cursor.skip();
        else if (this.#scanner.count === limit) return row - 1;
        else {
          this.#readObject();
          this.#escaped.write(buffer, true);
        }
      }
    } catch (error) {
      this.#escaped.clear();
      this.#table.clear(this.#scanner.count);
      this.#onMalformed((error as Error).message, buffer, start, end, range);
    }
    return 0;
  }

  /** Reads an object as the next row. Throws if it is malformed. */
  #readObject(): void {
    this.#escaped.clear();
    const problem = this.#table.readObject(this.#cursor, this.#scanner.count);
    if (problem !== null) throw new Error(`column \`${problem.column}\`: ${(problem.error as Error).message}`);
    this.#scanner.count++;
  }

  get fields(): readonly Field[] {
    return this.#fields;
  }
}

/** Whether the type is or contains a DECIMAL. */
function hasDecimal(type: DataType): boolean {
  switch (type.kind) {
    case 'decimal':
      return true;
    case 'array':
      return hasDecimal(type.element);
    case 'multiset':
      return hasDecimal(type.element);
    case 'map':
      return hasDecimal(type.key) || hasDecimal(type.value);
    case 'row':
      return type.fields.some((field) => hasDecimal(field.type));
    default:
      return false;
  }
}
