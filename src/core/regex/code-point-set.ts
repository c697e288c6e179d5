/** The largest code point of Unicode. */
export const LAST_CODE_POINT = 0x10ffff;

/**
 * A set of code points as sorted ranges: first, last, first, last and so on. The ranges neither
 * overlap nor touch. Ranges are small for all of Unicode. Union and intersection are one pass.
 */
export class CodePointSet {
  readonly ranges: readonly number[];
  /** One bit for each of the first 128 code points. */
  readonly #ascii: Int32Array = new Int32Array(4);

  constructor(ranges: readonly number[]) {
    this.ranges = ranges;
    for (let i = 0; i < ranges.length && ranges[i]! < 128; i += 2) {
      for (let c = ranges[i]!; c <= Math.min(ranges[i + 1]!, 127); c++) this.#ascii[c >> 5]! |= 1 << (c & 31);
    }
  }

  /** Makes a set of ranges in any order; they may overlap. */
  static of(...pairs: readonly (readonly [number, number])[]): CodePointSet {
    const sorted = pairs.toSorted((a, b) => a[0] - b[0]);
    const ranges: number[] = [];
    for (const [first, last] of sorted) appendRange(ranges, first, last);
    return new CodePointSet(ranges);
  }

  static ofCodePoints(codePoints: Iterable<number>): CodePointSet {
    return CodePointSet.of(...Array.from(codePoints, (c): [number, number] => [c, c]));
  }

  has(codePoint: number): boolean {
    if (codePoint < 128) return ((this.#ascii[codePoint >> 5]! >> (codePoint & 31)) & 1) === 1;
    const { ranges } = this;
    let low = 0;
    let high = ranges.length >> 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ranges[2 * middle + 1]! < codePoint) low = middle + 1;
      else high = middle;
    }
    return 2 * low < ranges.length && ranges[2 * low]! <= codePoint;
  }

  negate(): CodePointSet {
    const result: number[] = [];
    let from = 0;
    for (let i = 0; i < this.ranges.length; i += 2) {
      if (this.ranges[i]! > from) result.push(from, this.ranges[i]! - 1);
      from = this.ranges[i + 1]! + 1;
    }
    if (from <= LAST_CODE_POINT) result.push(from, LAST_CODE_POINT);
    return new CodePointSet(result);
  }

  union(other: CodePointSet): CodePointSet {
    const result: number[] = [];
    const a = this.ranges;
    const b = other.ranges;
    let i = 0;
    let j = 0;
    while (i < a.length || j < b.length) {
      if (j >= b.length || (i < a.length && a[i]! <= b[j]!)) appendRange(result, a[i++]!, a[i++]!);
      else appendRange(result, b[j++]!, b[j++]!);
    }
    return new CodePointSet(result);
  }

  intersect(other: CodePointSet): CodePointSet {
    const result: number[] = [];
    const a = this.ranges;
    const b = other.ranges;
    for (let i = 0, j = 0; i < a.length && j < b.length; ) {
      const first = Math.max(a[i]!, b[j]!);
      const last = Math.min(a[i + 1]!, b[j + 1]!);
      if (first <= last) result.push(first, last);
      if (a[i + 1]! < b[j + 1]!) i += 2;
      else j += 2;
    }
    return new CodePointSet(result);
  }

  minus(other: CodePointSet): CodePointSet {
    return this.intersect(other.negate());
  }

  /** Returns the only code point of the set; -1 if it has none or several. */
  get only(): number {
    return this.ranges.length === 2 && this.ranges[0] === this.ranges[1] ? this.ranges[0]! : -1;
  }
}

/** Appends a range that begins at or after the beginning of the last one. */
function appendRange(ranges: number[], first: number, last: number): void {
  const end = ranges.length - 1;
  if (end >= 0 && first <= ranges[end]! + 1) ranges[end] = Math.max(ranges[end]!, last);
  else ranges.push(first, last);
}

export const NO_CODE_POINTS: CodePointSet = new CodePointSet([]);
export const ALL_CODE_POINTS: CodePointSet = new CodePointSet([0, LAST_CODE_POINT]);
