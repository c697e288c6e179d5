import type { CsvOptions } from './csv-options.ts';

const LF = 10;
const CR = 13;
const SPACE = 32;
const HASH = 35;

/** Returned by `CsvRecord.read` if the bytes end within a record. */
export const INCOMPLETE = -1;

/**
 * Finds the cells of one record, in bytes. The rules are those of the CSV reader that Flink uses
 * (Jackson's CsvDecoder; recorded: `test/sweeps/csv`):
 * - LF, CR and CR LF end a record. An empty line is a record with one empty cell.
 * - A quote character counts only as the first character of a cell. Within quotes, it is doubled.
 *   Blanks may follow the closing quote. Any other character there is an error.
 * - The escape character takes the next character literally, also outside quotes. `0`, `n`, `r` and
 *   `t` after it are control characters.
 * - With comments, spaces at the start of a line, blank lines and lines that start with `#` are
 *   skipped.
 * - A cell beyond the last column is an error, unless it is blank and ends the record.
 */
export class CsvRecord {
  /** Number of cells, at most `width`. 0: the bytes held only comments. */
  count = 0;
  /** The first byte of the record, after skipped lines. */
  start = 0;
  /** Why the record cannot be read. Null: it can. */
  problem: string | null = null;
  readonly #width: number;
  readonly #delimiter: Buffer;
  readonly #quote: Buffer | null;
  readonly #escape: Buffer | null;
  readonly #quoteText: string;
  readonly #escapeText: string | null;
  readonly #comments: boolean;
  /** The content of each cell, without quotes. */
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  /** The cell has characters that must be replaced. */
  readonly #isRaw: Uint8Array;
  readonly #isQuoted: Uint8Array;
  /** Position after the last cell, and after the record's end if `#isLast`. */
  #next = 0;
  #isLast = false;

  constructor(width: number, options: CsvOptions) {
    this.#width = width;
    this.#delimiter = Buffer.from(options.delimiter);
    this.#quoteText = options.quote ?? '';
    this.#escapeText = options.escape;
    this.#quote = options.quote === null ? null : Buffer.from(options.quote);
    this.#escape = options.escape === null ? null : Buffer.from(options.escape);
    this.#comments = options.comments;
    this.#starts = new Int32Array(width + 1);
    this.#ends = new Int32Array(width + 1);
    this.#isRaw = new Uint8Array(width + 1);
    this.#isQuoted = new Uint8Array(width + 1);
  }

  /**
   * Reads the record at `buffer[from, to)`. Returns the position after it, or INCOMPLETE. With
   * `isWhole`, the end of the bytes is the end of the record.
   */
  read(buffer: Buffer, from: number, to: number, isWhole: boolean): number {
    this.count = 0;
    this.problem = null;
    this.#next = this.#comments ? skipComments(buffer, from, to) : from;
    this.start = this.#next;
    if (this.#next >= to) return to;
    for (this.#isLast = false; !this.#isLast; ) {
      const isExtra = this.count === this.#width;
      if (!this.#readCell(buffer, to)) {
        if (!isWhole) return INCOMPLETE;
        this.problem ??= 'a quote or an escape has no end';
        return to;
      }
      if (this.problem !== null) return this.#skip(buffer, to, isWhole);
      if (!isExtra) this.count++;
      else if (!this.#isLast || !this.#isBlank(buffer)) {
        this.problem = `the record has more cells than the table has columns (${this.#width})`;
        return this.#isLast ? this.#next : this.#skip(buffer, to, isWhole);
      }
    }
    return this.#next;
  }

  /** Reads and ignores the cells after an error. */
  #skip(buffer: Buffer, to: number, isWhole: boolean): number {
    const { count, problem } = this;
    for (this.count = this.#width; !this.#isLast; ) {
      if (!this.#readCell(buffer, to)) {
        if (!isWhole) return INCOMPLETE;
        this.#next = to;
        break;
      }
    }
    this.count = count;
    this.problem = problem;
    return this.#next;
  }

  /** Reads cell `count`. Returns false if it has no end. */
  #readCell(buffer: Buffer, to: number): boolean {
    const cell = this.count;
    this.#isRaw[cell] = 0;
    const quote = this.#quote;
    const isQuoted = quote !== null && isAt(buffer, this.#next, to, quote);
    this.#isQuoted[cell] = isQuoted ? 1 : 0;
    return isQuoted ? this.#readQuoted(buffer, to, quote) : this.#readPlain(buffer, to);
  }

  #readPlain(buffer: Buffer, to: number): boolean {
    const cell = this.count;
    const delimiter = this.#delimiter;
    const first = delimiter[0]!;
    const escapeMark = this.#escape;
    let at = this.#next;
    this.#starts[cell] = at;
    for (; at < to; at++) {
      const byte = buffer[at]!;
      if (byte === LF || byte === CR) {
        this.#ends[cell] = at;
        this.#endRecord(buffer, at, to);
        return true;
      }
      if (byte === first && isAt(buffer, at, to, delimiter)) {
        this.#ends[cell] = at;
        this.#next = at + delimiter.length;
        return true;
      }
      if (escapeMark !== null && byte === escapeMark[0] && isAt(buffer, at, to, escapeMark)) {
        at += escapeMark.length;
        if (at >= to) return false;
        this.#isRaw[cell] = 1;
      }
    }
    this.#ends[cell] = to;
    this.#next = to;
    this.#isLast = true;
    return true;
  }

  #readQuoted(buffer: Buffer, to: number, quote: Buffer): boolean {
    const cell = this.count;
    const escapeMark = this.#escape;
    let at = this.#next + quote.length;
    this.#starts[cell] = at;
    for (;;) {
      if (at >= to) return false;
      const byte = buffer[at]!;
      if (byte === quote[0] && isAt(buffer, at, to, quote)) {
        const after = at + quote.length;
        if (!isAt(buffer, after, to, quote)) break;
        this.#isRaw[cell] = 1;
        at = after + quote.length;
      } else if (escapeMark !== null && byte === escapeMark[0] && isAt(buffer, at, to, escapeMark)) {
        this.#isRaw[cell] = 1;
        at += escapeMark.length + 1;
        if (at > to) return false;
      } else at++;
    }
    this.#ends[cell] = at;
    return this.#endQuoted(buffer, at + quote.length, to);
  }

  /** Reads what follows a closing quote. */
  #endQuoted(buffer: Buffer, from: number, to: number): boolean {
    const delimiter = this.#delimiter;
    let at = from;
    for (; at < to; at++) {
      const byte = buffer[at]!;
      if (isAt(buffer, at, to, delimiter)) {
        this.#next = at + delimiter.length;
        return true;
      }
      if (byte === LF || byte === CR) {
        this.#endRecord(buffer, at, to);
        return true;
      }
      if (byte > SPACE) {
        this.problem = `a character follows the closing quote of cell ${this.count + 1}`;
        this.#next = afterCharacter(buffer, at, to);
        return true;
      }
    }
    this.#next = to;
    this.#isLast = true;
    return true;
  }

  #endRecord(buffer: Buffer, at: number, to: number): void {
    this.#next = at + 1;
    if (buffer[at] === CR && at + 1 < to && buffer[at + 1] === LF) this.#next++;
    this.#isLast = true;
  }

  /** Whether the cell that was read is blank. Blanks are all characters up to the space. */
  #isBlank(buffer: Buffer): boolean {
    const cell = this.count;
    for (let at = this.#starts[cell]!; at < this.#ends[cell]!; at++) if (buffer[at]! > SPACE) return false;
    return true;
  }

  /** Returns the text of a cell. Malformed UTF-8 becomes U+FFFD. */
  text(buffer: Buffer, cell: number): string {
    const text = buffer.utf8Slice(this.#starts[cell]!, this.#ends[cell]!);
    return this.#isRaw[cell] === 0 ? text : this.#unescaped(text, this.#isQuoted[cell] === 1);
  }

  #unescaped(raw: string, isQuoted: boolean): string {
    let text = '';
    for (let at = 0; at < raw.length; at++) {
      const character = raw[at]!;
      if (character === this.#escapeText) text += unescapedCharacter(raw[++at] ?? '');
      else {
        text += character;
        if (isQuoted && character === this.#quoteText) at++;
      }
    }
    return text;
  }
}

function isAt(buffer: Buffer, at: number, to: number, mark: Buffer): boolean {
  if (at + mark.length > to) return false;
  for (let i = 0; i < mark.length; i++) if (buffer[at + i] !== mark[i]) return false;
  return true;
}

function afterCharacter(buffer: Buffer, at: number, to: number): number {
  let next = at + 1;
  while (next < to && (buffer[next]! & 0xc0) === 0x80) next++;
  return next;
}

/** Returns the position of the first line that is not blank and not a comment. */
function skipComments(buffer: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to) {
    const byte = buffer[at]!;
    if (byte === HASH) while (at < to && buffer[at] !== LF && buffer[at] !== CR) at++;
    else if (byte === SPACE || byte === LF || byte === CR) at++;
    else break;
  }
  return at;
}

const ESCAPES: Readonly<Record<string, string>> = { '0': '\0', n: '\n', r: '\r', t: '\t' };

const unescapedCharacter = (character: string): string => ESCAPES[character] ?? character;
