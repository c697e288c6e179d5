import { codePointBefore } from './assertions.ts';
import type { CodePointSet } from './code-point-set.ts';

/** Returns the code units of the code point at a place. */
export function widthAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1;
}

/** Returns the place after exactly `count` characters of a set; -1 if there are fewer. */
export function afterExactly(text: string, set: CodePointSet, from: number, count: number): number {
  let at = from;
  for (let n = 0; n < count; n++) {
    const c = at < text.length ? text.codePointAt(at)! : -1;
    if (c < 0 || !set.has(c)) return -1;
    at += c > 0xffff ? 2 : 1;
  }
  return at;
}

/** Returns the place after at most `most` characters of a set. */
export function afterAll(text: string, set: CodePointSet, from: number, most: number): number {
  let at = from;
  for (let n = 0; n < most && at < text.length; n++) {
    const c = text.codePointAt(at)!;
    if (!set.has(c)) break;
    at += c > 0xffff ? 2 : 1;
  }
  return at;
}

/** Returns the place `count` code points before, or the start of the text. */
export function codePointsBefore(text: string, from: number, count: number): number {
  let at = from;
  for (let n = 0; n < count && at > 0; n++) at -= codePointBefore(text, at) > 0xffff ? 2 : 1;
  return at;
}
