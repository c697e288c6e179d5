import { CodePointSet } from './code-point-set.ts';
import { assignedInUnicode13 } from './unicode-13.ts';

/**
 * Letters of one code point that correspond to each other in upper and lower case, as in Java's
 * Character class. JavaScript maps texts, in which one letter may become several.
 */

/** Capitals of Greek letters with an iota: as a text two letters, as a code point one. */
function capitalWithIota(c: number): number {
  if (c >= 0x1f80 && c <= 0x1faf) return c | 8;
  return c === 0x1fb3 || c === 0x1fc3 || c === 0x1ff3 ? c + 9 : c;
}

/** Returns the mapped code point if it is one, and if Unicode 13 has it. */
function single(c: number, mapped: string, otherwise: number): number {
  const first = mapped.codePointAt(0)!;
  if (mapped.length !== (first > 0xffff ? 2 : 1)) return otherwise;
  return first === c || assignedInUnicode13().has(first) ? first : c;
}

export function toUpperCase(c: number): number {
  if (c < 128) return c >= 0x61 && c <= 0x7a ? c - 32 : c;
  return single(c, String.fromCodePoint(c).toUpperCase(), capitalWithIota(c));
}

export function toLowerCase(c: number): number {
  if (c < 128) return c >= 0x41 && c <= 0x5a ? c + 32 : c;
  return c === 0x130 ? 0x69 : single(c, String.fromCodePoint(c).toLowerCase(), c);
}

/** Returns the form in which two letters that differ in case only are equal. */
export function fold(c: number): number {
  return toLowerCase(toUpperCase(c));
}

export function asciiLower(c: number): number {
  return c >= 0x41 && c <= 0x5a ? c + 32 : c;
}

/** Code points whose upper or folded form differs from them: the letter, its capital, its fold. */
let cased: readonly (readonly [number, number, number])[] | null = null;

/** Letters with case end here: before the emoji and the Chinese characters outside the BMP. */
const CASED_END = 0x1f000;

function casedLetters(): readonly (readonly [number, number, number])[] {
  if (cased !== null) return cased;
  const found: [number, number, number][] = [];
  for (let c = 0; c < CASED_END; c++) {
    const upper = toUpperCase(c);
    const folded = toLowerCase(upper);
    if (upper !== c || folded !== c) found.push([c, upper, folded]);
  }
  cased = found;
  return cased;
}

/** Returns the code points that fold to the given one, and the given one. */
export function allThatFoldTo(folded: number): CodePointSet {
  const found = [folded];
  for (const [c, , f] of casedLetters()) if (f === folded) found.push(c);
  return CodePointSet.ofCodePoints(found);
}

/** Returns the code points that are in a range, or whose capital or fold is in it. */
export function rangeInAnyCase(first: number, last: number): CodePointSet {
  const inRange = (c: number): boolean => c >= first && c <= last;
  const found: [number, number][] = [[first, last]];
  for (const [c, upper, folded] of casedLetters()) if (inRange(upper) || inRange(folded)) found.push([c, c]);
  return CodePointSet.of(...found);
}

/** As {@link rangeInAnyCase}, for the letters of ASCII only. */
export function rangeInAnyAsciiCase(first: number, last: number): CodePointSet {
  const found: [number, number][] = [[first, last]];
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    const lower = upper + 32;
    if ((upper >= first && upper <= last) || (lower >= first && lower <= last))
      found.push([upper, upper], [lower, lower]);
  }
  return CodePointSet.of(...found);
}
