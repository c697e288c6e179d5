import type { KeptRow } from '../partial-match.ts';

/**
 * The first rows of the paths of a set, in the order of their sequences, each once: the elements of
 * `rows` from `from` to before `end`. Sets of different sizes share one array, which only grows.
 */
export interface Starts {
  readonly rows: KeptRow[];
  readonly from: number;
  readonly end: number;
}

export const sizeOf = ({ from, end }: Starts): number => end - from;
export const firstOf = ({ rows, from }: Starts): KeptRow => rows[from]!;
export const lastOf = ({ rows, end }: Starts): KeptRow => rows[end - 1]!;

/** Returns the place in `rows` of the first start that is after the row with this sequence. */
export function placeAfter({ rows, from, end }: Starts, sequence: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.sequence <= sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the starts of both, and may add the later ones to the array of the earlier ones. */
export function mergeStarts(a: Starts, b: Starts): Starts {
  if (a.rows === b.rows && a.from <= b.end && b.from <= a.end) {
    if (a.from <= b.from && a.end >= b.end) return a;
    if (b.from <= a.from && b.end >= a.end) return b;
    return { rows: a.rows, from: Math.min(a.from, b.from), end: Math.max(a.end, b.end) };
  }
  if (lastOf(a).sequence < firstOf(b).sequence) return append(a, b);
  if (lastOf(b).sequence < firstOf(a).sequence) return append(b, a);
  const rows: KeptRow[] = [];
  let i = a.from;
  let j = b.from;
  while (i < a.end || j < b.end) {
    const left = i < a.end ? a.rows[i]! : null;
    const right = j < b.end ? b.rows[j]! : null;
    const order = left === null ? 1 : right === null ? -1 : left.sequence - right.sequence;
    rows.push(order <= 0 ? left! : right!);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  if (rows.length === sizeOf(a)) return a;
  return rows.length === sizeOf(b) ? b : { rows, from: 0, end: rows.length };
}

function append(before: Starts, after: Starts): Starts {
  const isWhole = before.end === before.rows.length;
  const rows = isWhole ? before.rows : before.rows.slice(before.from, before.end);
  const from = isWhole ? before.from : 0;
  for (let i = after.from; i < after.end; i++) rows.push(after.rows[i]!);
  return { rows, from, end: rows.length };
}
