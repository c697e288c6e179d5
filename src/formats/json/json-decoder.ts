import { isUtf8 } from 'node:buffer';
import { Batch } from '../../batch/batch.ts';
import { BooleanVector, BytesVector, LongVector, NumberVector, ObjectVector, type Vector } from '../../batch/vector.ts';
import type { Field } from '../../core/data-type.ts';
import { isText, physicalOf } from '../../core/data-type.ts';
import type { ByteRanges } from '../byte-ranges.ts';
import { parseJsonExactly, readJsonValue } from '../json-value.ts';
import type { Decoded, DecodedValues, MalformedHandler, RowDecoder } from '../row-decoder.ts';
import { learnLayout } from './line-layout.ts';
import { type ColumnCells, compileScanner, type LineScanner, type ScanKind, type ScanState } from './scanner-code.ts';

/** The limit on learning the layout again when most lines have another form. */
const LAYOUTS_MAX = 8;
const NEWLINE = 10;

/**
 * Decodes JSON lines into columns. Decodes only the fields that are read. The generated scanner
 * reads lines of the learned layout. JSON.parse with exact numbers (`parseJsonExactly`) reads every
 * other line. Both return the same values. Text remains in the block as slices. Decoded text with
 * escapes overwrites the raw line, which is never shorter. Malformed UTF-8 in a text becomes U+FFFD
 * (ADR 0041).
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

  constructor(fields: readonly Field[], capacity: number, onMalformed: MalformedHandler) {
    this.#fields = fields;
    this.#capacity = capacity;
    this.#onMalformed = onMalformed;
    this.#columns = fields.map((field) => new JsonColumn(field, capacity));
    this.#byName = new Map(this.#columns.map((c) => [c.name, c]));
  }

  endOfLines(buffer: Buffer, from: number, to: number): number {
    return to === from ? from : Math.max(from, buffer.lastIndexOf(NEWLINE, to - 1) + 1);
  }

  decode(buffer: Buffer, from: number, to: number, maxRows: number): Decoded {
    const limit = this.#begin(maxRows);
    const state = this.#state;
    let at = from;
    while (at < to && state.count < limit) {
      if (this.#scan !== null) {
        const before = state.count;
        at = this.#scan(buffer, at, to, limit);
        this.#fast += state.count - before;
        if (at >= to || state.count >= limit) break;
      }
      let end = buffer.indexOf(NEWLINE, at);
      if (end < 0) end = to;
      this.#readExactly(buffer, at, end, -1);
      at = end + 1;
    }
    return { batch: this.#finish(buffer, from, Math.min(at, to)), next: Math.min(at, to) };
  }

  decodeValues({ buffer, count, starts, ends }: ByteRanges, from: number, maxRows: number): DecodedValues {
    const limit = this.#begin(maxRows);
    if (this.#ranges.length < limit) this.#ranges = new Int32Array(limit);
    const state = this.#state;
    let range = from;
    for (; range < count && state.count < limit; range++) {
      if (starts[range]! < 0) continue;
      const before = state.count;
      this.#readValue(buffer, starts[range]!, ends[range]!, range);
      if (state.count > before) this.#ranges[before] = range;
    }
    return { batch: this.#finish(buffer, 0, buffer.length), ranges: this.#ranges, next: range };
  }

  /**
   * Reads one record. The scanner needs a line break after the record. So this method replaces the
   * next byte by a line break and restores the byte afterwards.
   */
  #readValue(buffer: Buffer, start: number, end: number, range: number): void {
    const state = this.#state;
    if (this.#scan !== null && end < buffer.length) {
      const before = state.count;
      const behind = buffer[end]!;
      buffer[end] = NEWLINE;
      const stopped = this.#scan(buffer, start, end + 1, before + 1);
      buffer[end] = behind;
      if (state.count > before && stopped === end + 1) {
        this.#fast++;
        return;
      }
      // A line break inside the value: the scanner may have read a part of it.
      state.count = before;
    }
    this.#readExactly(buffer, start, end, range);
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

  #readExactly(buffer: Buffer, start: number, end: number, range: number): void {
    const row = this.#state.count;
    for (const column of this.#columns) column.clear(row);
    const text = buffer.utf8Slice(start, end);
    if (text.trim() === '') return;
    let values: unknown[];
    try {
      const parsed = parseJsonExactly(text);
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
        throw new Error('a JSON object is expected');
      }
      const object = parsed as Record<string, unknown>;
      values = this.#columns.map((c) => {
        const value = Object.hasOwn(object, c.name) ? object[c.name] : undefined;
        try {
          return value === undefined || value === null ? null : c.convert(value);
        } catch (error) {
          throw new Error(`column \`${c.name}\`: ${(error as Error).message}`);
        }
      });
    } catch (error) {
      this.#onMalformed((error as Error).message, buffer, start, end, range);
      return;
    }
    this.#learn(text);
    let free = start;
    this.#columns.forEach((column, i) => {
      free = column.set(row, values[i], buffer, free, end);
    });
    this.#state.count++;
  }

  /**
   * Compiles a scanner for lines like this one, if there is none or the current one fails for most
   * lines.
   */
  #learn(text: string): void {
    this.#slow++;
    if (this.#layoutsLeft === 0 || (this.#scan !== null && (this.#slow < 64 || this.#slow < this.#fast))) return;
    this.#layoutsLeft--;
    this.#slow = 0;
    this.#fast = 0;
    const layout = learnLayout(text);
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
    );
  }

  get fields(): readonly Field[] {
    return this.#fields;
  }
}

/** One column while it is filled. */
class JsonColumn {
  readonly name: string;
  readonly scanKind: ScanKind | null;
  readonly convert: (value: unknown) => unknown;
  readonly cells: ColumnCells;
  readonly #physical: ReturnType<typeof physicalOf>;
  /**
   * Values that the typed arrays cannot hold, by row: BIGINT beyond 2^53-1; all values of an object
   * column.
   */
  readonly #extra = new Map<number, unknown>();

  constructor(field: Field, capacity: number) {
    this.name = field.name;
    this.#physical = physicalOf(field.type);
    this.scanKind = scanKindOf(field);
    this.convert = readJsonValue(field.type);
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

  /** Resets the values that the scanner may have stored for an unreadable line. */
  clear(row: number): void {
    this.cells.nulls[row] = 0;
  }

  /**
   * Stores a converted value. Writes text into the raw line from `free` on. Returns the next free
   * byte.
   */
  set(row: number, value: unknown, buffer: Buffer, free: number, end: number): number {
    const { cells } = this;
    if (value === null) {
      cells.nulls[row] = 1;
      cells.hasNulls = true;
      return free;
    }
    switch (this.#physical) {
      case 'boolean':
        cells.bits[row] = value === true ? 1 : 0;
        return free;
      case 'number':
      case 'long':
        if (typeof value === 'bigint') this.#extra.set(row, value);
        else cells.numbers[row] = value as number;
        return free;
      case 'text': {
        const text = value as string;
        if (free + Buffer.byteLength(text) > end) {
          this.#extra.set(row, text);
          return free;
        }
        cells.starts[row] = free;
        const next = free + buffer.utf8Write(text, free);
        cells.ends[row] = next;
        return next;
      }
      default:
        this.#extra.set(row, value);
        return free;
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
