import { asciiLower } from './case-folding.ts';
import {
  ASCII_DIGIT,
  ASCII_SPACE,
  ASCII_WORD,
  characterFamily,
  HORIZONTAL_SPACE,
  unicodeDigit,
  unicodeSpace,
  unicodeWord,
  VERTICAL_SPACE,
} from './character-families.ts';
import { codePointOfName } from './character-names.ts';
import { type CodePointSet, LAST_CODE_POINT } from './code-point-set.ts';
import type { PatternCursor } from './pattern-cursor.ts';

/**
 * A set of characters. Java searches by code units instead of code points if no class of the
 * pattern may have characters outside the BMP; `bmp` says so for one class.
 */
export interface CharacterClass {
  readonly set: CodePointSet;
  readonly bmp: boolean;
}

export const code = (char: string): number => char.charCodeAt(0);
export const isDigit = (c: number): boolean => c >= 0x30 && c <= 0x39;
export const isLetter = (c: number): boolean => asciiLower(c) >= 0x61 && asciiLower(c) <= 0x7a;
const isOctal = (c: number): boolean => c >= 0x30 && c <= 0x37;
const isHex = (c: number): boolean => isDigit(c) || (asciiLower(c) >= 0x61 && asciiLower(c) <= 0x66);
const hexValue = (c: number): number => Number.parseInt(String.fromCharCode(c), 16);

/** Control characters that have an escape of one letter. */
export const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['e', 0x1b],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
]);

/** Returns the predefined class of an escape such as `\d`; null if the letter has none. */
export function predefinedClass(letter: string, unicode: boolean): CharacterClass | null {
  const set = predefinedSet(letter.toLowerCase(), unicode);
  if (set === null) return null;
  const bmp = !unicode || letter === 'h' || letter === 'v';
  return letter === letter.toLowerCase() ? { set, bmp } : { set: set.negate(), bmp: false };
}

function predefinedSet(letter: string, unicode: boolean): CodePointSet | null {
  switch (letter) {
    case 'd':
      return unicode ? unicodeDigit() : ASCII_DIGIT;
    case 's':
      return unicode ? unicodeSpace() : ASCII_SPACE;
    case 'w':
      return unicode ? unicodeWord() : ASCII_WORD;
    case 'h':
      return HORIZONTAL_SPACE;
    case 'v':
      return VERTICAL_SPACE;
    default:
      return null;
  }
}

/**
 * Reads an escape for one character: `\0`, `\c`, `\u`, `\x` or `\N`. The cursor is after the
 * letter. `start`: the place of the backslash. Returns undefined for another letter.
 */
export function readCharacterEscape(letter: string, cursor: PatternCursor, start: number): number | undefined {
  switch (letter) {
    case '0':
      return readOctal(cursor);
    case 'c':
      return readControl(cursor);
    case 'u':
      return readUnicode(cursor);
    case 'x':
      return readHex(cursor);
    case 'N':
      return readCharacterName(cursor, start);
    default:
      return undefined;
  }
}

/** Reads the digits after `\0`. */
function readOctal(cursor: PatternCursor): number {
  const first = cursor.read();
  if (!isOctal(first)) throw cursor.invalid('an octal escape has no digit');
  let value = first - 0x30;
  for (let digits = 1; digits < (first <= 0x33 ? 3 : 2); digits++) {
    const digit = cursor.read();
    if (!isOctal(digit)) {
      cursor.position--;
      break;
    }
    value = value * 8 + digit - 0x30;
  }
  return value;
}

/** Reads what follows `\x`: two digits, or any number of digits in braces. */
function readHex(cursor: PatternCursor): number {
  const first = cursor.read();
  if (isHex(first)) {
    const second = cursor.read();
    if (isHex(second)) return hexValue(first) * 16 + hexValue(second);
  } else if (first === code('{') && isHex(cursor.peek())) {
    let value = 0;
    let digit = cursor.read();
    for (; isHex(digit); digit = cursor.read()) {
      value = value * 16 + hexValue(digit);
      if (value > LAST_CODE_POINT) throw cursor.invalid('a hexadecimal escape is beyond the last code point');
    }
    if (digit !== code('}')) throw cursor.invalid('a hexadecimal escape has no closing brace');
    return value;
  }
  throw cursor.invalid('a hexadecimal escape needs two digits');
}

function readFourDigits(cursor: PatternCursor): number {
  let value = 0;
  for (let i = 0; i < 4; i++) {
    const digit = cursor.read();
    if (!isHex(digit)) throw cursor.invalid('a Unicode escape needs four digits');
    value = value * 16 + hexValue(digit);
  }
  return value;
}

/** Reads what follows `\u`. Two escapes of a surrogate pair are one code point. */
function readUnicode(cursor: PatternCursor): number {
  const first = readFourDigits(cursor);
  if (first < 0xd800 || first > 0xdbff) return first;
  const { position } = cursor;
  if (cursor.read() === code('\\') && cursor.read() === code('u')) {
    const second = readFourDigits(cursor);
    if (second >= 0xdc00 && second <= 0xdfff) return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
  }
  cursor.position = position;
  return first;
}

/** Reads what follows `\c`. */
function readControl(cursor: PatternCursor): number {
  if (cursor.atEnd) throw cursor.invalid('a control escape has no character');
  return cursor.read() ^ 64;
}

/** Reads the name of a group and the `>` after it. */
export function readGroupName(cursor: PatternCursor): string {
  let c = cursor.read();
  if (!isLetter(c)) throw cursor.invalid('the name of a group begins with a letter of ASCII');
  let name = '';
  for (; isLetter(c) || isDigit(c); c = cursor.read()) name += String.fromCharCode(c);
  if (c !== code('>')) throw cursor.invalid('the name of a group ends with >');
  return name;
}

/** Reads a family such as `\p{Lu}`. The cursor is at the letter p or P. */
export function readFamily(cursor: PatternCursor): CharacterClass & { readonly negated: boolean } {
  const negated = cursor.codes[cursor.position] === code('P');
  const braces = cursor.next() === code('{');
  if (!braces) cursor.position--;
  cursor.next();
  const from = cursor.position;
  let to = from + 1;
  if (braces) {
    while (cursor.read() !== code('}'))
      if (cursor.position > cursor.length) throw cursor.invalid('a character family has no closing brace');
    to = cursor.position - 1;
    if (to === from) throw cursor.invalid('a character family has no name');
  } else cursor.read();
  const name = String.fromCodePoint(...cursor.codes.slice(from, to));
  const set = characterFamily(name, cursor.flags);
  if (set === null) throw cursor.invalid(`there is no character family ${name}`);
  return { set: negated ? set.negate() : set, bmp: false, negated };
}

/** Reads the name after `\N`. Names of other characters than those in the table are refused. */
function readCharacterName(cursor: PatternCursor, start: number): number {
  if (cursor.read() !== code('{')) throw cursor.invalid('the escape \\N needs a name in braces');
  const from = cursor.position;
  while (cursor.read() !== code('}'))
    if (cursor.atEnd) throw cursor.invalid('the name of a character has no closing brace');
  const name = String.fromCodePoint(...cursor.codes.slice(from, cursor.position - 1));
  const known = codePointOfName(name);
  if (known !== undefined) return known;
  throw cursor.unsupported(`the name of the character \\N{${name}}`, start);
}
