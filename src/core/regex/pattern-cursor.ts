import { InvalidPattern, UnsupportedPattern } from './pattern-error.ts';

/** The flags of a place in the pattern, as in `(?imsduxU)`. */
export interface Flags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll: boolean;
  unixLines: boolean;
  unicodeCase: boolean;
  comments: boolean;
  unicodeClasses: boolean;
}

const BACKSLASH = 0x5c;

const isSpace = (c: number): boolean => c === 0x20 || (c >= 9 && c <= 13);

/**
 * Reads the code points of a pattern. With the flag x it skips blanks and comments where Java does
 * so. Quotes (`\Q…\E`) are replaced by escapes first. Two zeros follow the last code point.
 */
export class PatternCursor {
  readonly codes: number[] = [];
  /** The place of each code point in the pattern, in UTF-16 code units. */
  readonly #places: number[] = [];
  position = 0;
  flags: Flags = {
    ignoreCase: false,
    multiline: false,
    dotAll: false,
    unixLines: false,
    unicodeCase: false,
    comments: false,
    unicodeClasses: false,
  };

  constructor(pattern: string) {
    let place = 0;
    const plain: [number, number][] = [];
    for (const char of pattern) {
      plain.push([char.codePointAt(0)!, place]);
      place += char.length;
    }
    this.#appendWithoutQuotes(plain);
    this.#places.push(place);
    this.codes.push(0, 0);
  }

  get length(): number {
    return this.codes.length - 2;
  }

  get atEnd(): boolean {
    return this.position >= this.length;
  }

  #append(code: number, place: number): void {
    this.codes.push(code);
    this.#places.push(place);
  }

  #appendWithoutQuotes(plain: readonly (readonly [number, number])[]): void {
    let quoted = false;
    let first = false;
    for (let i = 0; i < plain.length; i++) {
      const [code, place] = plain[i]!;
      const next = plain[i + 1]?.[0];
      if (code === BACKSLASH && next !== undefined && String.fromCodePoint(next) === (quoted ? 'E' : 'Q')) {
        quoted = !quoted;
        first = quoted;
        i++;
        continue;
      }
      if (!quoted) {
        this.#append(code, place);
        if (code === BACKSLASH && i + 1 < plain.length) this.#append(...plain[++i]!);
        continue;
      }
      // A digit could continue an escape before the quote.
      if (first && code >= 0x30 && code <= 0x39) for (const c of [BACKSLASH, 0x78, 0x33]) this.#append(c, place);
      else if (code < 128 && !/[0-9A-Za-z]/.test(String.fromCodePoint(code))) this.#append(BACKSLASH, place);
      this.#append(code, place);
      first = false;
    }
  }

  /** Makes the error of a mistake before the current place. */
  invalid(message: string): InvalidPattern {
    return new InvalidPattern(message, this.placeOf(this.position - 1));
  }

  unsupported(construct: string, position: number): UnsupportedPattern {
    return new UnsupportedPattern(construct, this.placeOf(position));
  }

  /** Returns the place of a code point in the pattern, in UTF-16 code units. */
  placeOf(position: number): number {
    return this.#places[Math.max(0, Math.min(position, this.length))]!;
  }

  /** Returns the current code point. */
  peek(): number {
    if (this.flags.comments) this.#skipComments();
    return this.codes[this.position]!;
  }

  /** Returns the current code point and goes to the next. */
  read(): number {
    if (this.flags.comments) this.#skipComments();
    return this.codes[this.position++] ?? 0;
  }

  /** Goes to the next code point and returns it. */
  next(): number {
    this.position++;
    return this.peek();
  }

  /** Goes to the next code point and returns it, also if it is a blank. */
  nextEscaped(): number {
    return this.codes[++this.position] ?? 0;
  }

  /** Returns the code point after the current one and goes behind it. */
  skip(): number {
    this.position += 2;
    return this.codes[this.position - 1] ?? 0;
  }

  #skipComments(): void {
    for (;;) {
      const c = this.codes[this.position]!;
      if (isSpace(c)) this.position++;
      else if (c === 0x23) this.#skipLine();
      else return;
    }
  }

  /** Skips a comment up to the line break, which is a literal unless it is a blank of ASCII. */
  #skipLine(): void {
    while (!this.atEnd && !this.#isLineBreak(this.codes[this.position]!)) this.position++;
  }

  #isLineBreak(c: number): boolean {
    return this.flags.unixLines ? c === 10 : c === 10 || c === 13 || c === 0x85 || c === 0x2028 || c === 0x2029;
  }
}
