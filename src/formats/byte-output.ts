const DAY_MS = 86_400_000;
const QUOTE = 34;
const BACKSLASH = 92;
/** Texts up to this length are written character by character. */
const SHORT_TEXT = 64;

/**
 * A growing buffer of output bytes. Numbers, times and text slices are written without intermediate
 * strings.
 */
export class ByteOutput {
  buffer: Buffer;
  position = 0;
  /** `YYYY-MM-DD ` of the day written last. */
  readonly #date = Buffer.alloc(11, ' ');
  #day = Number.NaN;

  constructor(capacity = 1 << 20) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  ensure(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.position + bytes));
    this.buffer.copy(grown, 0, 0, this.position);
    this.buffer = grown;
  }

  /** Writes short constant bytes. */
  literal(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    const { buffer } = this;
    let p = this.position;
    for (let i = 0; i < bytes.length; i++) buffer[p++] = bytes[i]!;
    this.position = p;
  }

  text(value: string): void {
    this.ensure(value.length * 3);
    this.position += this.buffer.utf8Write(value, this.position);
  }

  /** Writes an integer with |value| <= 2^53-1. */
  integer(value: number): void {
    this.ensure(20);
    let v = value;
    if (v < 0) {
      this.buffer[this.position++] = 45;
      v = -v;
    }
    if (v >= 1e9) {
      const high = Math.floor(v / 1e9);
      this.integer(high);
      this.#digits(v - high * 1e9, 9);
      return;
    }
    v |= 0;
    const n =
      v < 10
        ? 1
        : v < 100
          ? 2
          : v < 1000
            ? 3
            : v < 10000
              ? 4
              : v < 1e5
                ? 5
                : v < 1e6
                  ? 6
                  : v < 1e7
                    ? 7
                    : v < 1e8
                      ? 8
                      : 9;
    this.#digits(v, n);
  }

  #digits(value: number, count: number): void {
    const { buffer } = this;
    let v = value | 0;
    let p = this.position + count;
    this.position = p;
    for (let i = 0; i < count; i++) {
      const tenth = (v / 10) | 0;
      buffer[--p] = 48 + v - tenth * 10;
      v = tenth;
    }
  }

  /**
   * Writes a double with at most two decimals, such as a price, if 0.01 <= |value| < 10^7. Returns
   * false for other values. Writes the same text as `doubleText`: a decimal of up to 15 digits
   * whose nearest double is the value is the shortest text of the value.
   */
  shortDouble(value: number): boolean {
    const hundredths = Math.round(value * 100);
    const size = Math.abs(hundredths);
    if (hundredths / 100 !== value || size === 0 || size >= 1e9) return false;
    this.ensure(12);
    if (value < 0) this.buffer[this.position++] = 45;
    const whole = (size / 100) | 0;
    this.integer(whole);
    this.buffer[this.position++] = 46;
    const rest = size - whole * 100;
    if (rest % 10 === 0) this.#digits(rest / 10, 1);
    else this.#digits(rest, 2);
    return true;
  }

  /** Writes a text as a JSON string. */
  jsonText(value: string): void {
    const { length } = value;
    this.ensure(length + 2);
    const { buffer } = this;
    let p = this.position;
    buffer[p++] = QUOTE;
    for (let i = 0; i < length; i++) {
      const code = value.charCodeAt(i);
      if (length > SHORT_TEXT || code < 32 || code > 126 || code === QUOTE || code === BACKSLASH) {
        this.text(JSON.stringify(value));
        return;
      }
      buffer[p++] = code;
    }
    buffer[p++] = QUOTE;
    this.position = p;
  }

  /**
   * Writes `YYYY-MM-DD HH:MM:SS`. Adds a fraction other than zero without trailing zeros. Years 0
   * to 9999.
   */
  timestamp(ms: number): void {
    this.ensure(24);
    // Times of one row, such as those of a match's first and last row, are seconds apart but seldom
    // days
    const day = Math.floor(ms / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#date.latin1Write(new Date(day * DAY_MS).toISOString().slice(0, 10), 0);
    }
    this.literal(this.#date);
    const inDay = ms - day * DAY_MS;
    const seconds = Math.floor(inDay / 1000);
    const minutes = (seconds / 60) | 0;
    const hours = (minutes / 60) | 0;
    this.#digits(hours, 2);
    this.buffer[this.position++] = 58;
    this.#digits(minutes - hours * 60, 2);
    this.buffer[this.position++] = 58;
    this.#digits(seconds - minutes * 60, 2);
    const rest = inDay - seconds * 1000;
    if (rest === 0) return;
    this.buffer[this.position++] = 46;
    if (rest % 100 === 0) this.#digits(rest / 100, 1);
    else if (rest % 10 === 0) this.#digits(rest / 10, 2);
    else this.#digits(rest, 3);
  }

  /**
   * Writes a slice of UTF-8 as the content of a JSON text. Escapes quotes, backslashes and control
   * characters.
   */
  jsonSlice(source: Uint8Array, start: number, end: number): void {
    this.ensure((end - start) * 6);
    const { buffer } = this;
    let p = this.position;
    for (let i = start; i < end; i++) {
      const byte = source[i]!;
      if (byte >= 32 && byte !== QUOTE && byte !== BACKSLASH) buffer[p++] = byte;
      else {
        this.position = p;
        this.text(JSON.stringify(String.fromCharCode(byte)).slice(1, -1));
        p = this.position;
      }
    }
    this.position = p;
  }
}
