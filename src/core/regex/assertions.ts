import { letterOrDigit, unicodeWord } from './character-families.ts';
import type { CodePointSet } from './code-point-set.ts';
import type { Assertion } from './pattern-tree.ts';
import { categories } from './unicode-properties.ts';

const CR = 13;
const LF = 10;

const isLineBreak = (c: number): boolean => c === LF || c === CR || c === 0x85 || c === 0x2028 || c === 0x2029;

/**
 * Returns whether an assertion holds at a place of the text. `lastEnd`: where the last match ended.
 */
export function holds(assertion: Assertion, text: string, at: number, lastEnd: number): boolean {
  switch (assertion) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'last-match-end':
      return at === lastEnd;
    case 'line-begin':
      return atLineBegin(text, at);
    case 'unix-line-begin':
      return at < text.length && (at === 0 || text.charCodeAt(at - 1) === LF);
    case 'line-end':
      return at === text.length || atLineBreak(text, at);
    case 'last-line-end':
      return atLastLineEnd(text, at);
    case 'unix-line-end':
      return at === text.length || text.charCodeAt(at) === LF;
    case 'unix-last-line-end':
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === LF);
    case 'word-boundary':
      return atWordBoundary(text, at, letterOrDigit);
    case 'no-word-boundary':
      return !atWordBoundary(text, at, letterOrDigit);
    case 'unicode-word-boundary':
      return atWordBoundary(text, at, unicodeWord);
    case 'no-unicode-word-boundary':
      return !atWordBoundary(text, at, unicodeWord);
  }
}

/** No line begins at the end of the text, and none inside CR LF. */
function atLineBegin(text: string, at: number): boolean {
  if (at === text.length) return false;
  if (at === 0) return true;
  const before = text.charCodeAt(at - 1);
  return isLineBreak(before) && !(before === CR && text.charCodeAt(at) === LF);
}

function atLineBreak(text: string, at: number): boolean {
  const c = text.charCodeAt(at);
  return isLineBreak(c) && !(c === LF && at > 0 && text.charCodeAt(at - 1) === CR);
}

/** The end of the text, or the line break that ends it. */
function atLastLineEnd(text: string, at: number): boolean {
  const rest = text.length - at;
  if (rest === 0) return true;
  if (rest === 2) return text.charCodeAt(at) === CR && text.charCodeAt(at + 1) === LF;
  return rest === 1 && atLineBreak(text, at);
}

function atWordBoundary(text: string, at: number, letters: () => CodePointSet): boolean {
  const left = at > 0 && isWord(text, codePointBefore(text, at), at - 1, letters);
  const right = at < text.length && isWord(text, text.codePointAt(at)!, at, letters);
  return left !== right;
}

/** `at`: the place of the character's last code unit, or of the character itself. */
function isWord(text: string, c: number, at: number, letters: () => CodePointSet): boolean {
  if (c < 128) return c === 0x5f || (c >= 0x30 && c <= 0x39) || ((c | 32) >= 0x61 && (c | 32) <= 0x7a);
  return letters().has(c) || (categories('Mn').has(c) && hasBase(text, at));
}

/** Returns whether a mark follows a letter or digit, or other marks after one. */
function hasBase(text: string, at: number): boolean {
  for (let i = at; i >= 0; i--) {
    const c = text.codePointAt(i)!;
    if (letterOrDigit().has(c)) return true;
    if (!categories('Mn').has(c)) return false;
  }
  return false;
}

/** Returns the code point that ends at a place above 0. */
export function codePointBefore(text: string, at: number): number {
  const low = text.charCodeAt(at - 1);
  if (low >= 0xdc00 && low <= 0xdfff && at > 1) {
    const high = text.charCodeAt(at - 2);
    if (high >= 0xd800 && high <= 0xdbff) return ((high - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
  }
  return low;
}
