import type { KeptRow } from '../partial-match.ts';
import { appended, joined, type PathSet, restricted, startOf, walkParts } from './path-set.ts';
import type { SharedKeyState } from './shared-state.ts';
import { firstOf, lastOf, placeAfter, type Starts } from './starts.ts';

/** Returns the first start after a sequence; null: there is none. */
export function firstAfter(paths: PathSet, after: number): KeptRow | null {
  const { starts } = paths;
  const at = placeAfter(starts, after);
  return at < starts.end ? starts.rows[at]! : null;
}

/** Returns the number of paths that start after a sequence. */
export function countAfter(paths: PathSet, after: number): number {
  const startsAfter = (starts: Starts): number => starts.end - placeAfter(starts, after);
  if (paths.single) return startsAfter(paths.starts);
  const counts = new Map<PathSet, number>();
  const countOf = (part: PathSet | null): number => (part === null ? 0 : counts.get(part)!);
  walkParts(
    [paths],
    (part) => {
      const count = part.single ? startsAfter(part.starts) : countOf(part.first) + countOf(part.second);
      counts.set(part, count);
    },
    (part) => !part.single,
  );
  return counts.get(paths)!;
}

/**
 * Replaces the path sets of a key by sets without the paths that start at `state.after` or before.
 * Rows that only the removed paths contain are released.
 */
export function dropDeadPaths(state: SharedKeyState): void {
  const { after } = state;
  const live = new Map<PathSet, PathSet | null>();
  const rows = new Set<KeptRow>();
  let parts = 0;
  const sets = [...state.groups.map(({ paths }) => paths), ...state.completed.map(({ paths }) => paths)];
  const liveOf = (part: PathSet | null): PathSet | null => (part === null ? null : live.get(part)!);
  walkParts(
    sets,
    (part) => {
      const rest = firstAfter(part, after) === null ? null : rebuilt(part, liveOf(part.first), liveOf(part.second));
      live.set(part, rest);
      if (rest === null) return;
      parts++;
      if (rest.row !== null) rows.add(rest.row);
    },
    (part) => firstAfter(part, after) !== null,
  );
  state.groups = state.groups.map((group) => ({ ...group, paths: live.get(group.paths)! }));
  state.completed = state.completed.map((held) => ({ ...held, paths: live.get(held.paths)! }));
  state.parts = parts;
  state.rows = rows.size;
}

function rebuilt(part: PathSet, first: PathSet | null, second: PathSet | null): PathSet {
  if (part.row !== null) {
    return first === null ? startOf(part.row, part.variable) : appended(part.row, part.variable, first);
  }
  if (part.second === null)
    return restricted(first!, firstOf(part.starts).sequence - 1, lastOf(part.starts).sequence + 1)!;
  return first === null || second === null ? (first ?? second)! : joined(first, second);
}
