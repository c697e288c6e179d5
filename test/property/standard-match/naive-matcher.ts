import type { PatternElement, PatternSequence, SkipStrategy } from '../../../src/plan/match-node.ts';

/**
 * A row of a match: its position in the partition, the variable, and whether it is in an
 * exclusion.
 */
export interface Taken {
  readonly row: number;
  readonly variable: string;
  readonly excluded: boolean;
}

/**
 * Whether a variable may take a row after the rows taken before, in an attempt that sees rows
 * before `horizon`. `number` counts matches from 1.
 */
export type NaiveCondition = (
  row: number,
  variable: string,
  taken: readonly Taken[],
  horizon: number,
  number: number,
) => boolean;

/** The result of an attempt at a row: a match, which may be empty, or null for no match. */
export interface NaiveResult {
  readonly start: number;
  readonly taken: readonly Taken[] | null;
}

/**
 * Matches row patterns by backtracking, written for clarity. It tries the preferred choice first
 * and undoes it if the rest fails. A round of a loop without an upper bound that takes no row is
 * the last round if it is the first optional one. If it comes later, it does not count. The cost is
 * exponential, so it is only for tests. `times` are the times of the rows. `withinMs`: an attempt
 * does not see rows at or after the first row's time plus this value.
 */
export function naiveMatches(
  pattern: PatternSequence,
  times: readonly number[],
  condition: NaiveCondition,
  skip: SkipStrategy,
  subsets: readonly { readonly name: string; readonly members: readonly string[] }[],
  withinMs: number,
): NaiveResult[] {
  const results: NaiveResult[] = [];
  let matches = 0;
  let matchedTo = 0;
  for (let start = 0; start < times.length; ) {
    const bound = times[start]! + withinMs;
    let horizon = start;
    while (horizon < times.length && times[horizon]! < bound) horizon++;
    const test = (row: number, variable: string, taken: readonly Taken[]): boolean =>
      row < horizon && condition(row, variable, taken, horizon, matches + 1);
    const taken = attempt(pattern, start, times.length, test);
    let next = start + 1;
    if (taken === null) {
      if (start >= matchedTo) results.push({ start, taken: null });
    } else {
      matches++;
      results.push({ start, taken });
      const last = taken.at(-1);
      if (last !== undefined) {
        matchedTo = Math.max(matchedTo, last.row + 1);
        next = nextStart(taken, skip, subsets);
      }
    }
    start = next;
  }
  return results;
}

/**
 * Thrown if the next match would begin at the first row of this match, or at a row of a variable
 * without rows.
 */
export class SkipFails extends Error {}

function nextStart(
  taken: readonly Taken[],
  skip: SkipStrategy,
  subsets: readonly { readonly name: string; readonly members: readonly string[] }[],
): number {
  const [first] = taken;
  if (skip.kind === 'past-last-row') return taken.at(-1)!.row + 1;
  if (skip.kind !== 'to-first' && skip.kind !== 'to-last') return first!.row + 1;
  const names = subsets.find(({ name }) => name === skip.variable)?.members ?? [skip.variable];
  const rows = taken.filter(({ variable }) => names.includes(variable)).map(({ row }) => row);
  const target = skip.kind === 'to-first' ? rows[0] : rows.at(-1);
  if (target === undefined || target === first!.row) throw new SkipFails();
  return target;
}

type Test = (row: number, variable: string, taken: readonly Taken[]) => boolean;
type Goal = (taken: readonly Taken[]) => readonly Taken[] | null;

const ordersKnown = new WeakMap<readonly PatternSequence[], PatternElement[][]>();

/** Returns the elements of PERMUTE's members in each of their orders. */
function ordersOf(members: readonly PatternSequence[]): PatternElement[][] {
  const known = ordersKnown.get(members);
  if (known !== undefined) return known;
  const made = orders(members).map((order) => order.flatMap(({ elements }) => elements));
  ordersKnown.set(members, made);
  return made;
}

function attempt(pattern: PatternSequence, start: number, rows: number, test: Test): readonly Taken[] | null {
  const at = (taken: readonly Taken[]): number => start + taken.length;

  const sequence = (
    elements: readonly PatternElement[],
    taken: readonly Taken[],
    excluded: boolean,
    goal: Goal,
  ): ReturnType<Goal> => {
    const [first, ...rest] = elements;
    if (first === undefined) return goal(taken);
    return rounds(first, 0, taken, excluded, (after) => sequence(rest, after, excluded, goal));
  };

  const rounds = (
    element: PatternElement,
    done: number,
    taken: readonly Taken[],
    excluded: boolean,
    goal: Goal,
  ): ReturnType<Goal> => {
    const { min, max, greedy } = element.quantifier;
    const round = (): ReturnType<Goal> =>
      once(element, taken, excluded, (after) => {
        const enough = Math.max(1, min);
        if (max === null && done + 1 >= enough && after.length === taken.length)
          return done + 1 === enough ? goal(after) : null;
        return rounds(element, done + 1, after, excluded, goal);
      });
    if (done < min) return round();
    if (max !== null && done >= max) return goal(taken);
    return greedy ? (round() ?? goal(taken)) : (goal(taken) ?? round());
  };

  const once = (element: PatternElement, taken: readonly Taken[], excluded: boolean, goal: Goal): ReturnType<Goal> => {
    switch (element.kind) {
      case 'variable': {
        const row = at(taken);
        if (row >= rows || !test(row, element.variable, taken)) return null;
        return goal([...taken, { row, variable: element.variable, excluded }]);
      }
      case 'group':
        return sequence(element.sequence.elements, taken, excluded, goal);
      case 'exclusion':
        return sequence(element.sequence.elements, taken, true, goal);
      case 'alternation':
        return firstOf(element.alternatives, (way) => sequence(way.elements, taken, excluded, goal));
      case 'permutation':
        return firstOf(ordersOf(element.members), (order) => sequence(order, taken, excluded, goal));
      case 'anchor':
        return at(taken) === (element.at === 'start' ? 0 : rows) ? goal(taken) : null;
    }
  };

  return sequence(pattern.elements, [], false, (taken) => taken);
}

function firstOf<T>(ways: readonly T[], attemptWay: (way: T) => readonly Taken[] | null): readonly Taken[] | null {
  for (const way of ways) {
    const found = attemptWay(way);
    if (found !== null) return found;
  }
  return null;
}

/** Returns all orders, lexicographically by position. */
function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
}
