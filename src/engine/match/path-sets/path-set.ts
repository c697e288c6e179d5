import type { KeptRow } from '../partial-match.ts';
import { lastOf, mergeStarts, type Starts } from './starts.ts';

/**
 * Paths of partial matches in the same state, sorted by first row. Paths with the same first row
 * keep the order in which their partial matches were created. A set is immutable. It is either one
 * row that was appended to all paths of another set (`row` is not null; `first` null: the row is
 * the start), or the paths of two sets together. So a row that many partial matches take is stored
 * once, and memory is linear in rows.
 */
export interface PathSet {
  readonly row: KeptRow | null;
  /** The variable of `row`; -1 without a row. */
  readonly variable: number;
  /** The paths before the row, or the first of the two sets. */
  readonly first: PathSet | null;
  /** The second of two sets. Its paths follow those of the first set with the same start. */
  readonly second: PathSet | null;
  readonly starts: Starts;
  /** Each start has one path. */
  readonly single: boolean;
}

/** Returns the path of a row that starts a match. */
export function startOf(row: KeptRow, variable: number): PathSet {
  return { row, variable, first: null, second: null, starts: { rows: [row], length: 1 }, single: true };
}

/** Appends a row to all paths. */
export function appended(row: KeptRow, variable: number, paths: PathSet): PathSet {
  return { row, variable, first: paths, second: null, starts: paths.starts, single: paths.single };
}

/** Returns the paths of both sets. */
export function joined(first: PathSet, second: PathSet): PathSet {
  const { row, variable } = first;
  if (row !== null && row === second.row && variable === second.variable && first.first && second.first) {
    return appended(row, variable, joined(first.first, second.first));
  }
  const starts = mergeStarts(first.starts, second.starts);
  const single = first.single && second.single && starts.length === first.starts.length + second.starts.length;
  return { row: null, variable: -1, first, second, starts, single };
}

/** Returns whether all starts of one of the two sets are before those of the other. */
export function areApart(a: PathSet, b: PathSet): boolean {
  return (
    lastOf(a.starts).sequence < b.starts.rows[0]!.sequence || lastOf(b.starts).sequence < a.starts.rows[0]!.sequence
  );
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
