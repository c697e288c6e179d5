import type { DataType } from '../../core/data-type.ts';
import { comparatorOf } from '../../functions/compare-values.ts';
import type { MatchNode } from '../../plan/match-node.ts';

/** Rows waiting to be put in order: `count` of them, by position. `value` reads a column of the n-th. */
export interface UnorderedRows {
  readonly count: number;
  readonly times: Float64Array;
  /** Number of arrival. */
  readonly arrivals: Float64Array;
  value(n: number, column: number): unknown;
}

export type RowOrder = (rows: UnorderedRows, a: number, b: number) => number;

/** Time, then the further ORDER BY columns, then arrival. NULL stands first or last as the plan says, whichever the direction. */
export function rowOrder(order: MatchNode['order'], typeOf: (column: number) => DataType): RowOrder {
  const keys = order.map((key) => ({ ...key, compare: comparatorOf(typeOf(key.column)) }));
  return (rows, a, b) => {
    const byTime = rows.times[a]! - rows.times[b]!;
    if (byTime !== 0) return byTime;
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

/** Positions in order; null when they are in order already, which is the usual case. */
export function orderRows(rows: UnorderedRows, compare: RowOrder): Int32Array | null {
  let n = 1;
  while (n < rows.count && compare(rows, n - 1, n) <= 0) n++;
  if (n >= rows.count) return null;
  return Int32Array.from({ length: rows.count }, (_, i) => i).sort((a, b) => compare(rows, a, b));
}
