/**
 * Positions in a text counted in code points, as Flink counts them; texts without surrogates need
 * no counting.
 */
const SURROGATE = /[\ud800-\udfff]/;

export const isPlain = (text: string): boolean => !SURROGATE.test(text);

export function codePointLength(text: string): number {
  if (isPlain(text)) return text.length;
  let n = 0;
  for (const _ of text) n++;
  return n;
}

/**
 * Returns the UTF-16 index of the n-th code point (0-based). Returns the length of the text if it
 * has fewer.
 */
export function unitIndex(text: string, n: number): number {
  let units = 0;
  for (let k = 0; k < n && units < text.length; k++) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}

/** Returns the code points from `start` up to, not including, `end` (0-based). */
export function sliceCodePoints(text: string, start: number, end: number): string {
  if (isPlain(text)) return text.slice(start, end);
  const from = unitIndex(text, start);
  return text.slice(from, from + unitIndex(text.slice(from), end - start));
}

/** Returns the 0-based code point position of a UTF-16 index. */
export const codePointIndex = (text: string, unit: number): number => codePointLength(text.slice(0, unit));
