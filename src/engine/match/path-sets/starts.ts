import type { KeptRow } from '../partial-match.ts';

/**
 * The first rows of the paths of a set, in the order of their sequences, each once: the first
 * `length` elements of `rows`. Sets of different sizes share one array, which only grows.
 */
export interface Starts {
  readonly rows: KeptRow[];
  readonly length: number;
}

export const lastOf = ({ rows, length }: Starts): KeptRow => rows[length - 1]!;

/** Returns the number of starts that are not after the row with this sequence. */
export function countUpTo({ rows, length }: Starts, sequence: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.sequence <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the starts of both, and may add the later ones to the array of the earlier ones. */
export function mergeStarts(a: Starts, b: Starts): Starts {
  if (a.rows === b.rows) return a.length >= b.length ? a : b;
  if (lastOf(a).sequence < b.rows[0]!.sequence) return append(a, b);
  if (lastOf(b).sequence < a.rows[0]!.sequence) return append(b, a);
  const rows: KeptRow[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = i < a.length ? a.rows[i]! : null;
    const right = j < b.length ? b.rows[j]! : null;
    const order = left === null ? 1 : right === null ? -1 : left.sequence - right.sequence;
    rows.push(order <= 0 ? left! : right!);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  if (rows.length === a.length) return a;
  return rows.length === b.length ? b : { rows, length: rows.length };
}

function append(before: Starts, after: Starts): Starts {
  const rows = before.length === before.rows.length ? before.rows : before.rows.slice(0, before.length);
  for (let i = 0; i < after.length; i++) rows.push(after.rows[i]!);
  return { rows, length: before.length + after.length };
}
