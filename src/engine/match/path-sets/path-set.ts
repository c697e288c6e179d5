import type { KeptRow } from '../partial-match.ts';
import { mergeStarts, placeAfter, type Starts, sizeOf } from './starts.ts';

/**
 * Paths of partial matches in the same state, sorted by first row. Paths with the same first row
 * keep the order in which their partial matches were created. A set is immutable. It is either one
 * row that was appended to all paths of another set (`row` is not null; `first` null: the row is
 * the start), the paths of two sets together, or the paths of another set with some of its starts
 * (`second` is null). So a row that many partial matches take is stored once, and memory is linear
 * in rows.
 */
export interface PathSet {
  readonly row: KeptRow | null;
  /** The variable of `row`; -1 without a row. */
  readonly variable: number;
  /** The paths before the row, the first of the two sets, or the other set. */
  readonly first: PathSet | null;
  /** The second of two sets. Its paths follow those of the first set with the same start. */
  readonly second: PathSet | null;
  readonly starts: Starts;
  /** Each start has one path. */
  readonly single: boolean;
}

/** Returns the path of a row that starts a match. */
export function startOf(row: KeptRow, variable: number): PathSet {
  return { row, variable, first: null, second: null, starts: { rows: [row], from: 0, end: 1 }, single: true };
}

/** Appends a row to all paths. */
export function appended(row: KeptRow, variable: number, paths: PathSet): PathSet {
  return { row, variable, first: paths, second: null, starts: paths.starts, single: paths.single };
}

/**
 * Returns the paths of both sets. If both end with the same rows, the result contains these rows
 * once.
 */
export function joined(first: PathSet, second: PathSet): PathSet {
  const last: PathSet[] = [];
  let [a, b] = [first, second];
  while (a.row !== null && a.row === b.row && a.variable === b.variable && a.first !== null && b.first !== null) {
    last.push(a);
    [a, b] = [a.first, b.first];
  }
  const starts = mergeStarts(a.starts, b.starts);
  const single = a.single && b.single && sizeOf(starts) === sizeOf(a.starts) + sizeOf(b.starts);
  let paths: PathSet = { row: null, variable: -1, first: a, second: b, starts, single };
  for (let part = last.pop(); part !== undefined; part = last.pop()) {
    paths = appended(part.row!, part.variable, paths);
  }
  return paths;
}

/**
 * Returns the paths of a set in which each start has one path, from the start after the sequence
 * `after` to the one before the sequence `before`. Null: there is none.
 */
export function restricted(paths: PathSet, after: number, before: number): PathSet | null {
  const { rows } = paths.starts;
  const from = placeAfter(paths.starts, after);
  const end = before === Number.POSITIVE_INFINITY ? paths.starts.end : placeAfter(paths.starts, before - 1);
  if (from >= end) return null;
  if (from === paths.starts.from && end === paths.starts.end) return paths;
  return { row: null, variable: -1, first: paths, second: null, starts: { rows, from, end }, single: true };
}

/**
 * Calls `visit` for each part of the sets once, each part after the parts that it consists of. The
 * sets are too deep for recursion. `enter` returns false if the parts of a set are not needed.
 */
export function walkParts(
  sets: Iterable<PathSet>,
  visit: (part: PathSet) => void,
  enter: (part: PathSet) => boolean = () => true,
): void {
  const seen = new Set<PathSet>();
  const stack: PathSet[] = [];
  const open = new Set<PathSet>();
  for (const set of sets) {
    stack.push(set);
    for (let part = stack.at(-1); part !== undefined; part = stack.at(-1)) {
      if (seen.has(part)) stack.pop();
      else if (open.has(part) || !enter(part)) {
        stack.pop();
        open.delete(part);
        seen.add(part);
        visit(part);
      } else {
        open.add(part);
        if (part.second !== null && !seen.has(part.second)) stack.push(part.second);
        if (part.first !== null && !seen.has(part.first)) stack.push(part.first);
      }
    }
  }
}
