import { isUtf8 } from 'node:buffer';
import { Batch } from '../../batch/batch.ts';
import type { DataType, Field } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import { JsonColumn } from './json-column.ts';
import { JsonCursor, JsonSyntaxError } from './json-cursor.ts';
import { type JsonOptions, STRICT_JSON } from './json-options.ts';
import { JsonMembers } from './json-reader.ts';
import { learnLayout } from './line-layout.ts';
import { MinuteClock } from './minute-clock.ts';
import { compileScanner, type LineScanner, type ScanState } from './scanner-code.ts';

/** The limit on learning the layout again when most lines have another form. */
const LAYOUTS_MAX = 8;
const NEWLINE = 10;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;

/**
 * Decodes JSON lines into columns. Decodes only the fields that are read. The generated scanner
 * reads lines of the learned layout. The exact reader (`JsonCursor`) reads every other line. Both
 * return the same values. Text remains in the block as slices. Decoded text with escapes overwrites
 * the raw string, which is never shorter. Malformed UTF-8 in a text becomes U+FFFD (ADR 0041). An
 * array of objects in a line gives a row for each object, as in Flink.
 */
export class JsonDecoder implements RowDecoder {
  readonly #fields: readonly Field[];
  readonly #capacity: number;
  readonly #onMalformed: MalformedHandler;
  readonly #columns: readonly JsonColumn[];
  readonly #byName: ReadonlyMap<string, JsonColumn>;
  readonly #state: ScanState = { count: 0 };
  #scan: LineScanner | null = null;
  #layoutsLeft = LAYOUTS_MAX;
  #fast = 0;
  #slow = 0;
  #ranges = new Int32Array(0);
  readonly #cursor = new JsonCursor();
  readonly #members: JsonMembers;
  readonly #iso: boolean;
  /** The values of the row that is being read, by column. */
  readonly #values: unknown[];
  readonly #readMember: (index: number) => void;
  #problem: string | null = null;

  constructor(
    fields: readonly Field[],
    capacity: number,
    onMalformed: MalformedHandler,
    options: JsonOptions = STRICT_JSON,
  ) {
    this.#fields = fields;
    this.#capacity = capacity;
    this.#onMalformed = onMalformed;
    this.#iso = options.iso;
    const how = { ...options, hasDecimal: fields.some((field) => hasDecimal(field.type)) };
    this.#columns = fields.map((field) => new JsonColumn(field, capacity, how));
    this.#members = new JsonMembers(
      fields.map((field) => field.name),
      options,
    );
    this.#values = new Array(fields.length).fill(null);
    this.#readMember = (index) => {
      const column = this.#columns[index]!;
      try {
        this.#values[index] = column.read(this.#cursor, this.#state.count);
      } catch (error) {
        if (error instanceof JsonSyntaxError) throw error;
        this.#problem ??= `column \`${column.name}\`: ${(error as Error).message}`;
      }
    };
    this.#byName = new Map(this.#columns.map((c) => [c.name, c]));
  }

  endOfLines(buffer: Buffer, from: number, to: number): number {
    return from + buffer.subarray(from, to).lastIndexOf(NEWLINE) + 1;
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number, taken = 0): Decoded {
    const limit = this.#begin(maxRows);
    const state = this.#state;
    let at = from;
    let done = taken;
    while (at < to && state.count < limit) {
      if (this.#scan !== null && done === 0) {
        const before = state.count;
        at = this.#scan(buffer, at, to, limit);
        this.#fast += state.count - before;
        if (at >= to || state.count >= limit) break;
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
    const state = this.#state;
    let range = from;
    let done = taken;
    for (; range < count && state.count < limit; range++) {
      if (starts[range]! < 0 || starts[range] === ends[range]) continue;
      const before = state.count;
      done = this.#readValue(buffer, starts[range]!, ends[range]!, range, limit, done);
      this.#ranges.fill(range, before, state.count);
      if (done > 0) break;
    }
    return { batch: this.#finish(buffer, 0, buffer.length), ranges: this.#ranges, next: range, taken: done };
  }

  /**
   * Reads one record. The scanner needs a line break after the record. So this method replaces the
   * next byte by a line break and restores the byte afterwards.
   */
  #readValue(buffer: Buffer, start: number, end: number, range: number, limit: number, taken: number): number {
    const state = this.#state;
    if (this.#scan !== null && taken === 0 && end < buffer.length) {
      const before = state.count;
      const behind = buffer[end]!;
      buffer[end] = NEWLINE;
      const stopped = this.#scan(buffer, start, end + 1, before + 1);
      buffer[end] = behind;
      if (state.count > before && stopped === end + 1) {
        this.#fast++;
        return 0;
      }
      // A line break inside the value: the scanner may have read a part of it.
      state.count = before;
    }
    return this.#readExactly(buffer, start, end, range, limit, taken);
  }

  /** Empties the columns. Returns the number of rows for which they have room. */
  #begin(maxRows: number): number {
    this.#state.count = 0;
    for (const column of this.#columns) column.reset();
    return Math.min(maxRows, this.#capacity);
  }

  /** `buffer[from, to)` contains all texts of the batch. */
  #finish(buffer: Buffer, from: number, to: number): Batch {
    const { count } = this.#state;
    if (!isUtf8(buffer.subarray(from, to))) {
      for (const column of this.#columns) column.replaceMalformed(buffer, count);
    }
    return new Batch(
      count,
      this.#columns.map((column) => column.finish(buffer, count)),
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
        this.#readObject(false);
        this.#learn(buffer, start, end);
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
        else if (this.#state.count === limit) return row - 1;
        else this.#readObject(true);
      }
    } catch (error) {
      this.#onMalformed((error as Error).message, buffer, start, end, range);
    }
    return 0;
  }

  /** Reads an object as the next row. Throws if it is malformed. */
  #readObject(isShared: boolean): void {
    const row = this.#state.count;
    const values = this.#values;
    for (const column of this.#columns) column.clear(row);
    values.fill(null);
    this.#problem = null;
    this.#members.read(this.#cursor, this.#readMember);
    if (this.#problem !== null) throw new Error(this.#problem);
    for (let i = 0; i < values.length; i++) this.#columns[i]!.set(row, values[i], this.#cursor.buffer, isShared);
    this.#state.count++;
  }

  /**
   * Compiles a scanner for lines like this one, if there is none or the current one fails for most
   * lines.
   */
  #learn(buffer: Buffer, start: number, end: number): void {
    this.#slow++;
    if (this.#layoutsLeft === 0 || (this.#scan !== null && (this.#slow < 64 || this.#slow < this.#fast))) return;
    this.#layoutsLeft--;
    this.#slow = 0;
    this.#fast = 0;
    const layout = learnLayout(buffer.utf8Slice(start, end));
    if (layout === null) return;
    const scanned = layout.keys.map((key) => {
      const column = this.#byName.get(key);
      return { key, column: column !== undefined && column.scanKind !== null ? column : null, unknown: column };
    });
    // A column that only the exact reader supports prevents the fast way.
    if (scanned.some((s) => s.unknown !== undefined && s.column === null)) {
      this.#layoutsLeft = 0;
      return;
    }
    const present = new Set(layout.keys);
    this.#scan = compileScanner(
      scanned.map(({ key, column }) => ({ keyBytes: Buffer.from(key), kind: column?.scanKind ?? 'skip' })),
      [
        ...scanned.flatMap(({ column }) => (column === null ? [] : [column.cells])),
        ...this.#columns.filter((c) => !present.has(c.name)).map((c) => c.cells),
      ],
      this.#state,
      new MinuteClock(this.#iso ? 'T' : ' '),
    );
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
