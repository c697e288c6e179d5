import type { DataType } from '../../core/data-type.ts';
import { comparatorOf } from '../../functions/compare-values.ts';
import type { MatchNode } from '../../plan/match-node.ts';

/**
 * `count` unordered rows, by position. `value` reads a column of the n-th row.
 */
export interface UnorderedRows {
  readonly count: number;
  readonly times: Float64Array;
  /** Number of arrival. */
  readonly arrivals: Float64Array;
  value(n: number, column: number): unknown;
}

export type RowOrder = (rows: UnorderedRows, a: number, b: number) => number;

/**
 * Returns the order of rows of equal time: the other ORDER BY columns, then arrival. The plan says
 * whether NULL is first or last, independent of the direction.
 */
export function rowOrder(order: MatchNode['order'], typeOf: (column: number) => DataType): RowOrder {
  const keys = order.map((key) => ({ ...key, compare: comparatorOf(typeOf(key.column)) }));
  return (rows, a, b) => {
    for (const { column, descending, nullsFirst, compare } of keys) {
      const x = rows.value(a, column);
      const y = rows.value(b, column);
      if (x === null || y === null) {
        if (x === y) continue;
        return (x === null) === nullsFirst ? -1 : 1;
      }
      const order = compare(x, y);
      if (order !== 0) return descending ? -order : order;
    }
    return rows.arrivals[a]! - rows.arrivals[b]!;
  };
}

const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;

/**
 * Sorts positions by time with a radix sort, then each run of equal time by the rest of the order.
 */
export class TimeSort {
  #from = new Int32Array(0);
  #to = new Int32Array(0);
  readonly #counts = new Int32Array(DIGITS);

  /**
   * Returns the sorted positions, which are valid until the next call. Returns null if the rows are
   * already sorted.
   */
  order(rows: UnorderedRows, compare: RowOrder): Int32Array | null {
    const { count, times } = rows;
    let sorted = true;
    let lowest = times[0] ?? 0;
    let highest = lowest;
    for (let n = 1; n < count; n++) {
      const time = times[n]!;
      const before = times[n - 1]!;
      if (time < before || (time === before && compare(rows, n - 1, n) > 0)) sorted = false;
      if (time < lowest) lowest = time;
      else if (time > highest) highest = time;
    }
    if (sorted) return null;
    if (this.#from.length < count) {
      this.#from = new Int32Array(count * 2);
      this.#to = new Int32Array(count * 2);
    }
    for (let n = 0; n < count; n++) this.#from[n] = n;
    for (let scale = 1; scale <= highest - lowest; scale *= DIGITS) this.#pass(times, count, lowest, scale);
    this.#orderRuns(rows, compare);
    return this.#from;
  }

  /** Sorts by one digit of (time - lowest). The sort is stable. */
  #pass(times: Float64Array, count: number, lowest: number, scale: number): void {
    const counts = this.#counts.fill(0);
    const from = this.#from;
    const to = this.#to;
    for (let n = 0; n < count; n++) counts[digit(times[n]! - lowest, scale)]!++;
    let at = 0;
    for (let d = 0; d < DIGITS; d++) {
      const size = counts[d]!;
      counts[d] = at;
      at += size;
    }
    for (let n = 0; n < count; n++) {
      const row = from[n]!;
      to[counts[digit(times[row]! - lowest, scale)]!++] = row;
    }
    this.#from = to;
    this.#to = from;
  }

  #orderRuns(rows: UnorderedRows, compare: RowOrder): void {
    const { count, times } = rows;
    const order = this.#from;
    for (let begin = 0; begin < count; ) {
      const time = times[order[begin]!]!;
      let end = begin + 1;
      let inOrder = true;
      for (; end < count && times[order[end]!] === time; end++) {
        if (inOrder && compare(rows, order[end - 1]!, order[end]!) > 0) inOrder = false;
      }
      if (!inOrder) order.subarray(begin, end).sort((a, b) => compare(rows, a, b));
      begin = end;
    }
  }
}

function digit(offset: number, scale: number): number {
  return (scale === 1 ? offset : Math.floor(offset / scale)) & (DIGITS - 1);
}
