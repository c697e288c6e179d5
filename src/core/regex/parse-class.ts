import {
  allThatFoldTo,
  asciiLower,
  rangeInAnyAsciiCase,
  rangeInAnyCase,
  toLowerCase,
  toUpperCase,
} from './case-folding.ts';
import { CodePointSet } from './code-point-set.ts';
import type { Flags, PatternCursor } from './pattern-cursor.ts';
import {
  type CharacterClass,
  CONTROLS,
  code,
  isLetter,
  predefinedClass,
  readCharacterEscape,
  readFamily,
} from './pattern-escapes.ts';

const OPEN = code('[');
const CLOSE = code(']');
const AND = code('&');
const DASH = code('-');
const BACKSLASH = code('\\');

/** Classes in classes may be this deep. */
const NESTED_MAX = 100;

const isSurrogate = (c: number): boolean => c >= 0xd800 && c <= 0xdfff;

/** Letters of Latin-1 that correspond to a letter outside it. */
const BEYOND_LATIN_1: ReadonlySet<number> = new Set([0xff, 0xb5, 0x49, 0x69, 0x53, 0x73, 0x4b, 0x6b, 0xc5, 0xe5]);

/** Returns the class of one character under the flags of its place. */
export function singleCharacter(c: number, flags: Flags): CharacterClass {
  if (flags.ignoreCase && flags.unicodeCase) {
    const upper = toUpperCase(c);
    const lower = toLowerCase(upper);
    if (upper !== lower) return { set: allThatFoldTo(lower), bmp: false };
  } else if (flags.ignoreCase && isLetter(c)) {
    return { set: CodePointSet.ofCodePoints([asciiLower(c), asciiLower(c) - 32]), bmp: true };
  }
  return { set: CodePointSet.of([c, c]), bmp: c <= 0xffff && !isSurrogate(c) };
}

/**
 * A class that is not complete yet. Java keeps the single characters of Latin-1 in one table, also
 * those that follow an intersection, so all parts are evaluated at the end of the class.
 */
interface OpenClass {
  readonly set: () => CodePointSet;
  readonly bmp: boolean;
}

const union = (a: OpenClass | null, b: OpenClass): OpenClass =>
  a === null ? b : { set: () => a.set().union(b.set()), bmp: a.bmp && b.bmp };
const closed = ({ set, bmp }: CharacterClass): OpenClass => ({ set: () => set, bmp });

/** Parses a class in brackets. The cursor is at the opening bracket. */
export function parseClass(cursor: PatternCursor): CharacterClass {
  return new ClassParser(cursor).parse(true, 0);
}

class ClassParser {
  readonly #cursor: PatternCursor;

  constructor(cursor: PatternCursor) {
    this.#cursor = cursor;
  }

  /** Without `consume` the closing bracket is left for the class around. */
  parse(consume: boolean, depth: number): CharacterClass {
    const cursor = this.#cursor;
    if (depth > NESTED_MAX) throw cursor.unsupported(`a class inside more than ${NESTED_MAX} classes`, cursor.position);
    const table = new Set<number>();
    const tableClass: OpenClass = { set: () => CodePointSet.ofCodePoints(table), bmp: true };
    let inTable = false;
    let all: OpenClass | null = null;
    let c = cursor.next();
    const negated = c === code('^') && cursor.codes[cursor.position - 1] === OPEN;
    if (negated) c = cursor.next();
    for (;;) {
      if (c === OPEN) {
        all = union(all, closed(this.parse(true, depth + 1)));
        c = cursor.peek();
        continue;
      }
      if (c === AND) {
        if (cursor.next() === AND) {
          const right = this.#operand(depth);
          if (inTable) all = union(all, tableClass);
          inTable = false;
          all = this.#intersection(all, right);
          c = cursor.peek();
          continue;
        }
        cursor.position--;
      }
      if (c === 0 && cursor.atEnd) throw cursor.invalid('a character class is not closed');
      if (c === CLOSE && (all !== null || inTable)) {
        if (consume) cursor.next();
        const whole: OpenClass = inTable ? union(all, tableClass) : all!;
        const set = whole.set();
        return negated ? { set: set.negate(), bmp: false } : { set, bmp: whole.bmp };
      }
      const part = this.#part(table);
      if (part === null) inTable = true;
      else all = union(all, closed(part));
      c = cursor.peek();
    }
  }

  /** Parses what follows `&&`, up to the next `&` or the end of the class. Null: nothing. */
  #operand(depth: number): OpenClass | null {
    const cursor = this.#cursor;
    let right: OpenClass | null = null;
    for (let c = cursor.next(); c !== CLOSE && c !== AND; c = cursor.peek()) {
      const nested = c === OPEN;
      if (!nested) cursor.position--;
      right = union(right, closed(this.parse(nested, depth + 1)));
    }
    return right;
  }

  #intersection(left: OpenClass | null, right: OpenClass | null): OpenClass {
    if (left === null) {
      if (right === null) throw this.#cursor.invalid('an intersection has no classes');
      return right;
    }
    if (right === null) return left;
    return { set: () => left.set().intersect(right.set()), bmp: left.bmp && right.bmp };
  }

  /**
   * Parses a character, a range, or an escape. Returns null if it put a single character into the
   * table.
   */
  #part(table: Set<number>): CharacterClass | null {
    const cursor = this.#cursor;
    const { flags } = cursor;
    let first = cursor.peek();
    if (first === BACKSLASH) {
      const letter = cursor.nextEscaped();
      if (letter === code('p') || letter === code('P')) return readFamily(cursor);
      const beforeDash = cursor.codes[cursor.position + 1] === DASH;
      const escaped = this.#escape(beforeDash);
      if (typeof escaped !== 'number') return escaped;
      first = escaped;
    } else cursor.next();
    if (cursor.peek() === DASH) {
      const end = cursor.codes[cursor.position + 1];
      if (end !== OPEN && end !== CLOSE) {
        cursor.next();
        const last = this.#rangeEnd();
        if (last < first) throw cursor.invalid('a range of characters has its end before its beginning');
        return rangeClass(first, last, flags);
      }
    }
    return tableOrSingle(table, first, flags);
  }

  /** Returns the last character of a range; -1 if there is a class instead. */
  #rangeEnd(): number {
    const cursor = this.#cursor;
    const c = cursor.peek();
    if (c !== BACKSLASH) {
      cursor.next();
      return c;
    }
    cursor.nextEscaped();
    const escaped = this.#escape(true);
    return typeof escaped === 'number' ? escaped : -1;
  }

  /** Parses an escape inside a class. The cursor is at the letter after the backslash. */
  #escape(inRange: boolean): number | CharacterClass {
    const cursor = this.#cursor;
    const start = cursor.position - 1;
    const c = cursor.codes[cursor.position++] ?? 0;
    const letter = String.fromCodePoint(c);
    if (letter === 'v' && inRange) return 0x0b;
    const known = predefinedClass(letter, cursor.flags.unicodeClasses) ?? CONTROLS.get(letter);
    if (known !== undefined) return known;
    const character = readCharacterEscape(letter, cursor, start);
    if (character !== undefined) return character;
    if (/[A-Za-z1-9]/.test(letter)) throw cursor.invalid(`there is no escape \\${letter} in a class`);
    return c;
  }
}

function rangeClass(first: number, last: number, { ignoreCase, unicodeCase }: Flags): CharacterClass {
  if (ignoreCase) {
    return { set: unicodeCase ? rangeInAnyCase(first, last) : rangeInAnyAsciiCase(first, last), bmp: false };
  }
  const bmp = last < 0xd800 || (first > 0xdfff && last <= 0xffff);
  return { set: CodePointSet.of([first, last]), bmp };
}

function tableOrSingle(table: Set<number>, c: number, flags: Flags): CharacterClass | null {
  const folds = flags.ignoreCase && flags.unicodeCase;
  if (c > 0xff || (folds && BEYOND_LATIN_1.has(c))) return singleCharacter(c, flags);
  table.add(c);
  if (folds || (flags.ignoreCase && c < 128)) table.add(toUpperCase(c)).add(toLowerCase(c));
  return null;
}
