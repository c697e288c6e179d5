import { type ExactJson, JsonNumber, parseJsonExactly } from '../../core/exact-json.ts';
import { escapeControls, unescapeJson } from './json-escapes.ts';
import type { MinuteClock } from './minute-clock.ts';

const QUOTE = 34;
const COMMA = 44;
const COLON = 58;
const BACKSLASH = 92;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;

/** Deeper documents are refused, so that recursive code does not exhaust the stack (as Jackson). */
const DEPTH_MAX = 1000;

/** The bytes are not JSON. The rest of the record cannot be read. */
export class JsonSyntaxError extends Error {}

/**
 * Reads JSON from bytes, token by token. Follows RFC 8259, and also accepts raw control characters
 * in strings, as Flink's json format does. Numbers keep every digit (`JsonNumber`). Strings are
 * decoded as UTF-8; malformed bytes become U+FFFD.
 */
export class JsonCursor {
  buffer: Buffer = Buffer.alloc(0);
  at = 0;
  /**
   * The string without quotes, number or literal that was scanned last, and whether it has escapes.
   */
  tokenStart = 0;
  tokenEnd = 0;
  hasEscapes = false;
  #start = 0;
  #end = 0;
  #depth = 0;

  open(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer;
    this.at = start;
    this.#start = start;
    this.#end = end;
    this.#depth = 0;
  }

  /** Skips blanks. Returns the next byte, or -1 at the end. */
  peek(): number {
    const { buffer } = this;
    while (this.at < this.#end) {
      const byte = buffer[this.at]!;
      if (byte > 32 || (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9)) return byte;
      this.at++;
    }
    return -1;
  }

  /** Scans the key of a member and its colon. */
  scanKey(): void {
    if (this.peek() !== QUOTE) this.fail('a key in double quotes is expected');
    this.scanString();
    const { tokenStart, tokenEnd, hasEscapes } = this;
    if (this.peek() !== COLON) this.fail("':' is expected");
    this.at++;
    this.tokenStart = tokenStart;
    this.tokenEnd = tokenEnd;
    this.hasEscapes = hasEscapes;
  }

  /** Enters an object or array at its bracket. Returns false if it is empty, and leaves it. */
  enter(close: number): boolean {
    if (++this.#depth > DEPTH_MAX) throw new JsonSyntaxError(`JSON nested deeper than ${DEPTH_MAX} levels`);
    this.at++;
    if (this.peek() !== close) return true;
    this.leave();
    return false;
  }

  /** Moves to the next member or element. Returns false at the closing bracket, and leaves. */
  next(close: number): boolean {
    const byte = this.peek();
    if (byte === close) {
      this.leave();
      return false;
    }
    if (byte !== COMMA) this.fail(`',' or '${String.fromCharCode(close)}' is expected`);
    this.at++;
    return true;
  }

  private leave(): void {
    this.#depth--;
    this.at++;
  }

  /** Scans a string at its quote. */
  scanString(): void {
    const { buffer } = this;
    const end = this.#end;
    let at = this.at + 1;
    this.tokenStart = at;
    this.hasEscapes = false;
    for (; at < end; at++) {
      const byte = buffer[at]!;
      if (byte === QUOTE) {
        this.tokenEnd = at;
        this.at = at + 1;
        return;
      }
      if (byte === BACKSLASH) at = this.#scanEscape(at);
    }
    this.at = end;
    this.fail('a string has no end');
  }

  /** Returns the position of the last byte of an escape. */
  #scanEscape(at: number): number {
    this.hasEscapes = true;
    const kind = at + 1 < this.#end ? this.buffer[at + 1]! : 0;
    const digits = kind === 117 ? 4 : 0;
    for (let i = 0; i < digits; i++) {
      if (at + 2 + i >= this.#end || !isHexadecimal(this.buffer[at + 2 + i]!)) {
        this.at = at;
        this.fail('four hexadecimal digits are expected after \\u');
      }
    }
    // " \ / b f n r t u
    if (!ESCAPES.has(kind)) {
      this.at = at;
      this.fail('a string has an unknown escape');
    }
    return at + 1 + digits;
  }

  /** The text of the scanned token. */
  token(): string {
    const text = this.buffer.utf8Slice(this.tokenStart, this.tokenEnd);
    return this.hasEscapes ? unescapeJson(text) : text;
  }

  /**
   * Reads a timestamp in the usual form at its quote mark. Returns its milliseconds and moves
   * behind it. Returns NaN for any other text, and does not move.
   */
  timestamp(clock: MinuteClock, zone: boolean): number {
    const ms = clock.read(this.buffer, this.at + 1, zone);
    if (Number.isNaN(ms) || clock.end >= this.#end) return Number.NaN;
    this.at = clock.end + 1;
    return ms;
  }

  /** Scans a number or a literal at its first byte. */
  scanPlain(): 'number' | 'true' | 'false' | 'null' {
    const byte = this.peek();
    this.tokenStart = this.at;
    this.hasEscapes = false;
    if (byte === 45 || (byte >= 48 && byte <= 57)) {
      this.#scanNumber();
      return 'number';
    }
    if (byte === 110) return this.#scanWord('null');
    if (byte === 116) return this.#scanWord('true');
    if (byte === 102) return this.#scanWord('false');
    return this.fail('a value is expected');
  }

  #scanNumber(): void {
    const { buffer } = this;
    let at = this.at;
    if (buffer[at] === 45) at++;
    const whole = this.#scanDigits(at);
    if (buffer[at] === 48 && whole > at + 1) this.fail('a number has a leading zero');
    at = whole;
    if (at < this.#end && buffer[at] === 46) at = this.#scanDigits(at + 1);
    if (at < this.#end && (buffer[at]! | 32) === 101) {
      at++;
      if (at < this.#end && (buffer[at] === 43 || buffer[at] === 45)) at++;
      at = this.#scanDigits(at);
    }
    this.#endPlain(at);
  }

  #scanDigits(from: number): number {
    let at = from;
    while (at < this.#end && isDigit(this.buffer[at]!)) at++;
    if (at === from) {
      this.at = at;
      this.fail('a digit is expected');
    }
    return at;
  }

  #scanWord<T extends string>(word: T): T {
    const to = this.at + word.length;
    if (to > this.#end || this.buffer.latin1Slice(this.at, to) !== word) this.fail('a value is expected');
    this.#endPlain(to);
    return word;
  }

  /** A number or literal ends before a blank, a comma, a closing bracket or the end. */
  #endPlain(at: number): void {
    const after = at < this.#end ? this.buffer[at]! : 32;
    this.at = at;
    if (after > 32 && after !== COMMA && after !== CLOSE_OBJECT && after !== CLOSE_ARRAY) {
      this.fail('a value is followed by another character');
    }
    this.tokenEnd = at;
  }

  /** The number that was scanned: a double if it keeps all digits, otherwise its text. */
  number(): number | JsonNumber {
    const short = this.#shortNumber();
    if (!Number.isNaN(short)) return short;
    const text = this.buffer.latin1Slice(this.tokenStart, this.tokenEnd);
    const value = Number(text);
    return String(value) === text ? value : new JsonNumber(text);
  }

  /**
   * Returns a number of at most 15 digits without an exponent, if JavaScript writes it in the same
   * way. Otherwise returns NaN. The digits and the power of ten are exact, so their quotient is
   * rounded once.
   */
  #shortNumber(): number {
    const { buffer, tokenStart, tokenEnd } = this;
    const isNegative = buffer[tokenStart] === 45;
    const first = isNegative ? tokenStart + 1 : tokenStart;
    if (tokenEnd - first > 15) return Number.NaN;
    let value = 0;
    let point = tokenEnd;
    for (let at = first; at < tokenEnd; at++) {
      const digit = buffer[at]! - 48;
      if (digit >= 0 && digit <= 9) value = value * 10 + digit;
      else if (digit === -2) point = at;
      else return Number.NaN;
    }
    if (point < tokenEnd) {
      if (buffer[tokenEnd - 1] === 48) return Number.NaN;
      value /= POWERS[tokenEnd - 1 - point]!;
      if (value < 1e-6) return Number.NaN;
    } else if (isNegative && value === 0) return Number.NaN;
    return isNegative ? -value : value;
  }

  /** Reads any value. If a key occurs twice in an object, the last value counts. */
  readTree(): ExactJson {
    const byte = this.peek();
    if (byte === QUOTE) {
      this.scanString();
      return this.token();
    }
    if (byte !== OPEN_ARRAY && byte !== OPEN_OBJECT) {
      const kind = this.scanPlain();
      return kind === 'number' ? this.number() : kind === 'null' ? null : kind === 'true';
    }
    const start = this.at;
    this.skip();
    return parseJsonExactly(escapeControls(this.buffer.utf8Slice(start, this.at)));
  }

  /** Skips any value. It must be well-formed. */
  skip(): void {
    switch (this.peek()) {
      case QUOTE:
        this.scanString();
        return;
      case OPEN_ARRAY:
        for (let more = this.enter(CLOSE_ARRAY); more; more = this.next(CLOSE_ARRAY)) this.skip();
        return;
      case OPEN_OBJECT:
        for (let more = this.enter(CLOSE_OBJECT); more; more = this.next(CLOSE_OBJECT)) {
          this.scanKey();
          this.skip();
        }
        return;
      default:
        this.scanPlain();
    }
  }

  /** Throws a JsonSyntaxError with the place. Columns are bytes, counted from 1. */
  fail(what: string): never {
    const { at } = this;
    if (at >= this.#end) {
      throw new JsonSyntaxError(`not valid JSON: ${what}, but the record ends (a record is one line)`);
    }
    const byte = this.buffer[at]!;
    const shown = byte > 32 && byte < 127 ? `'${String.fromCharCode(byte)}'` : `byte 0x${byte.toString(16)}`;
    throw new JsonSyntaxError(`not valid JSON: ${what}, not ${shown}, in column ${at - this.#start + 1}`);
  }
}

const ESCAPES = new Set([...'"\\/bfnrtu'].map((c) => c.charCodeAt(0)));
const POWERS = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isHexadecimal = (byte: number): boolean => isDigit(byte) || ((byte | 32) >= 97 && (byte | 32) <= 102);
