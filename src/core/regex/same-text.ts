import { asciiLower, toLowerCase, toUpperCase } from './case-folding.ts';

/**
 * Returns whether the `size` code units of a text at `left` and at `right` are the same.
 * `ignoreCase`: 0 = no, 1 = in ASCII, 2 = in Unicode. Java counts code units of the group here, and
 * compares code points.
 */
export function isSameText(text: string, left: number, right: number, size: number, ignoreCase: number): boolean {
  if (ignoreCase === 0) return text.startsWith(text.slice(right, right + size), left);
  for (let i = 0, l = left, r = right; i < size; i++) {
    const a = text.codePointAt(l) ?? -1;
    const b = text.codePointAt(r) ?? -1;
    if (a !== b && (ignoreCase === 1 ? asciiLower(a) !== asciiLower(b) : !isSameLetter(a, b))) return false;
    l += a > 0xffff ? 2 : 1;
    r += b > 0xffff ? 2 : 1;
  }
  return true;
}

function isSameLetter(a: number, b: number): boolean {
  const upperA = toUpperCase(a);
  const upperB = toUpperCase(b);
  return upperA === upperB || toLowerCase(upperA) === toLowerCase(upperB);
}
