import type { EscapedTexts, JsonColumn } from './json-column.ts';
import { JsonCursor } from './json-cursor.ts';
import type { JsonOptions } from './json-options.ts';
import type { JsonRowColumn } from './json-row-column.ts';
import { KeyIndex } from './key-index.ts';
import { KeyOrder } from './key-order.ts';
import { MinuteClock } from './minute-clock.ts';
import { compileScanner, type LineScanner, type ScanField } from './scanner-code.ts';
import { skipJson, skipMember } from './skip-json.ts';
import { UnreadMembers } from './unread-members.ts';

const NEWLINE = 10;
const OPEN_OBJECT = 123;

/** The scanner learns the keys at most this many times, because each time needs a compilation. */
const LEARNED_MAX = 8;
/** The number of lines that are learned at once. */
const LINES_MAX = 200;
/** A longer line is not learned. */
const LINE_BYTES_MAX = 1 << 20;
/** The scanner learns again after this many unknown keys, if every second line has one. */
const MISSES_MIN = 64;

/**
 * Scans lines into the columns of a table with generated code. Learns the order of keys from the
 * first line, and again when many lines have keys that are not known (ADR 0056).
 */
export class JsonScanner {
  /** The number of rows that are filled. The exact reader counts its rows here, too. */
  count = 0;
  readonly #table: JsonRowColumn;
  readonly #escaped: EscapedTexts;
  readonly #options: JsonOptions;
  readonly #cursor = new JsonCursor();
  #keys: KeyOrder;
  #indexes: readonly KeyIndex[] = [];
  #columns: readonly JsonColumn[] = [];
  #scan: LineScanner | null = null;
  #learnedLeft = LEARNED_MAX;
  #lines = 0;

  constructor(table: JsonRowColumn, escaped: EscapedTexts, options: JsonOptions) {
    this.#table = table;
    this.#escaped = escaped;
    this.#options = options;
    this.#keys = new KeyOrder(table);
    // The exact reader decodes malformed UTF-8 before it compares a key.
    if (hasReplacementCharacter(table)) this.#learnedLeft = 0;
  }

  /**
   * Scans lines from `from`, up to `limit` rows. Returns the position after the last line that was
   * read. If it is below `to` and `count` is below `limit`, the exact reader must read that line.
   */
  scan(buffer: Buffer, from: number, to: number, limit: number): number {
    if (this.#scan === null) return from;
    const before = this.count;
    const at = this.#scan(buffer, from, to, limit);
    this.#lines += this.count - before;
    this.#escaped.clear();
    if (at < to && this.count < limit) this.#table.clear(this.count);
    return at;
  }

  /**
   * Learns the keys of records after the exact reader has read one, if there is no scanner yet.
   * `buffer[from, to)` are lines, or one record.
   */
  learn(buffer: Buffer, from: number, to: number): void {
    if (this.#scan === null && this.#learnedLeft > 0) this.#learnLines(buffer, from, to);
  }

  /** Learns again if the earlier records had many unknown keys. */
  learnMissed(buffer: Buffer, from: number, to: number): void {
    if (this.#scan === null || this.#learnedLeft === 0) return;
    const misses = this.#indexes.reduce((sum, index) => sum + index.misses, 0);
    if (misses >= MISSES_MIN && misses >= this.#lines / 2) this.#learnLines(buffer, from, to);
  }

  /** Learns from several lines at once, because a compilation takes longer than that. */
  #learnLines(buffer: Buffer, from: number, to: number): void {
    this.#learnedLeft--;
    for (let at = from, line = 0; at < to && line < LINES_MAX; line++) {
      const newline = buffer.indexOf(NEWLINE, at);
      const end = newline < 0 || newline > to ? to : newline;
      if (!this.#learnLine(buffer, at, end)) {
        this.#keys = new KeyOrder(this.#table);
        // Only the first line counts if the lines together have too many keys.
        if (line === 0 || !this.#learnLine(buffer, from, buffer.indexOf(NEWLINE, from))) return;
        break;
      }
      at = end + 1;
    }
    this.#compile();
  }

  /** Returns false if there are too many keys. */
  #learnLine(buffer: Buffer, start: number, end: number): boolean {
    if (end - start > LINE_BYTES_MAX) return false;
    const cursor = this.#cursor;
    cursor.open(buffer, start, end);
    try {
      return cursor.peek() !== OPEN_OBJECT || this.#keys.learn(cursor);
    } catch {
      // The keys before the fault of a malformed line are learned.
      return true;
    }
  }

  #compile(): void {
    const fields = this.#keys.fields();
    const indexes = keyIndexes(fields);
    const columns = this.#keys.columns();
    const unread = new UnreadMembers(unreadKeys(fields));
    this.#indexes = indexes;
    this.#columns = columns;
    this.#lines = 0;
    const escaped = this.#escaped;
    this.#scan = compileScanner(
      fields,
      columns.map((column) => column.cells),
      this,
      {
        findKey: (bytes, position, object) => indexes[object]!.find(bytes, position),
        skipValue: skipJson,
        skipMember,
        skipUnread: (bytes, position, field) => unread.skip(bytes, position, field),
        readValue: (bytes, position, column, row) => this.#readValue(bytes as Buffer, position, column, row),
        finishRow: (bytes) => escaped.write(bytes as Buffer, false),
        deferred: escaped,
      },
      { clock: new MinuteClock(this.#options.iso ? 'T' : ' '), isStrict: this.#options.failOnMissing },
    );
  }

  /** Reads a value. Returns the position after it, or -1 if it is malformed or does not fit. */
  #readValue(buffer: Buffer, start: number, column: number, row: number): number {
    const end = skipJson(buffer, start);
    if (end < 0) return -1;
    const cursor = this.#cursor;
    cursor.open(buffer, start, end);
    try {
      this.#columns[column]!.read(cursor, row);
    } catch {
      return -1;
    }
    return end;
  }
}

/** The keys of each object that is read, in the order of the generated code. */
function keyIndexes(fields: readonly ScanField[]): readonly KeyIndex[] {
  return [
    new KeyIndex(fields.map((field) => field.keyBytes)),
    ...fields.flatMap((field) => (field.fields === undefined ? [] : keyIndexes(field.fields))),
  ];
}

/** The keys of the fields that are not read, in the order of the generated code. */
function unreadKeys(fields: readonly ScanField[]): readonly Uint8Array[] {
  return fields.flatMap((field) => (field.kind === 'skip' ? [field.keyBytes] : unreadKeys(field.fields ?? [])));
}

function hasReplacementCharacter(row: JsonRowColumn): boolean {
  return row.columns.some(
    (column) =>
      column.name.includes('\uFFFD') || ('columns' in column && hasReplacementCharacter(column as JsonRowColumn)),
  );
}
