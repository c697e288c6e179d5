import { ALL_CODE_POINTS, CodePointSet, LAST_CODE_POINT } from './code-point-set.ts';
import { asInUnicode13, assignedInUnicode13 } from './unicode-13.ts';

/**
 * Sets of code points by a property of Unicode, computed from the tables of the JavaScript engine
 * and limited to the characters of Unicode 13, as in Java 17.
 */

const computed = new Map<string, CodePointSet>();

/** Returns the assigned code points with a property, named as in a JavaScript `\p{…}`. */
function property(name: string): CodePointSet {
  let set = computed.get(name);
  if (set === undefined) {
    const test = new RegExp(`^\\p{${name}}`, 'u');
    set = asInUnicode13(
      name,
      rangesOf((c) => test.test(String.fromCodePoint(c))),
    );
    computed.set(name, set);
  }
  return set;
}

/** Unicode assigns nothing between these two, and from the second on all but a few of plane 14. */
const UNUSED_FROM = 0x32000;
const UNUSED_TO = 0xe0000;

/** Tests each code point that may be assigned; in the private planes the first one is enough. */
function rangesOf(test: (codePoint: number) => boolean): CodePointSet {
  const ranges: number[] = [];
  const scan = (from: number, to: number): void => {
    let first = -1;
    for (let c = from; c <= to; c++) {
      if (test(c)) {
        if (first < 0) first = c;
      } else if (first >= 0) {
        ranges.push(first, c - 1);
        first = -1;
      }
    }
    if (first >= 0) ranges.push(first, to);
  };
  scan(0, UNUSED_FROM - 1);
  scan(UNUSED_TO, UNUSED_TO + 0x1fff);
  for (let plane = 0xf0000; plane < LAST_CODE_POINT; plane += 0x10000) {
    if (test(plane)) ranges.push(plane, plane + 0xfffd);
    scan(plane + 0xfffe, plane + 0xffff);
  }
  return new CodePointSet(ranges);
}

/** Returns the code points of general categories; `Cn` includes what Unicode 13 does not assign. */
export function categories(...names: readonly string[]): CodePointSet {
  return names
    .map((name) => {
      if (name === 'Cn') return assignedInUnicode13().negate();
      const set = property(`gc=${name}`);
      return name === 'C' ? set.union(assignedInUnicode13().negate()) : set;
    })
    .reduce((a, b) => a.union(b));
}

/** Returns the code points of a property that is true or false, such as `Alphabetic`. */
export function binaryProperty(name: string): CodePointSet {
  return property(name);
}

const NONCHARACTERS = CodePointSet.of(
  [0xfdd0, 0xfdef],
  ...Array.from({ length: 17 }, (_, plane): [number, number] => [plane * 0x10000 + 0xfffe, plane * 0x10000 + 0xffff]),
);

/** Returns the 66 code points that are no characters. */
export function noncharacters(): CodePointSet {
  return NONCHARACTERS;
}

/** Returns the code points of a script; null if Unicode 13 has no such script. */
export function script(name: string): CodePointSet | null {
  if (!/^[A-Za-z_]+$/.test(name)) return null;
  const words = name.toLowerCase().replace(/(^|_)[a-z]/g, (start) => start.toUpperCase());
  const known = words === 'Signwriting' ? 'SignWriting' : words;
  if (known === 'Unknown' || known === 'Zzzz') {
    const named = ALL_CODE_POINTS.minus(property('Script=Unknown'));
    return named.intersect(assignedInUnicode13()).negate();
  }
  try {
    const set = property(`Script=${known}`);
    return set.ranges.length === 0 && !/^(Katakana_Or_Hiragana|Hrkt)$/.test(known) ? null : set;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
