import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import { newKeyState } from '../nfa-matcher.ts';
import type { KeptRow, MatchKeyState, PartialMatch, PathNode } from '../partial-match.ts';
import { LoopPositions } from './loop-positions.ts';
import { PathReader } from './path-reader.ts';
import { appended, joined, type PathSet, startOf } from './path-set.ts';
import { afterOf, newSharedState, type PathGroup, type SharedKeyState } from './shared-state.ts';
import { placeAfter } from './starts.ts';
import type { StatePlace } from './state-order.ts';

/** Converts a state of `NfaMatcher`. `order`: see `stateOrder`. */
export function sharedFrom(from: MatchKeyState, order: readonly StatePlace[]): SharedKeyState {
  const state = newSharedState();
  state.nextSequence = from.nextSequence;
  state.begins = from.begins;
  state.matches = from.matches;
  state.exactDeadline = from.exactDeadline;
  state.cleanupDeadline = from.cleanupDeadline;
  const sets = new Map<PathNode, PathSet>();
  const groups = new Map<StatePlace, PathGroup>();
  const placeOf = new Map<NfaState, StatePlace>();
  for (const place of order) for (const each of place.loop?.states ?? [place.state]) placeOf.set(each, place);
  for (const partial of from.partial) {
    const place = placeOf.get(partial.state)!;
    const paths = setOf(partial.path!, sets);
    const group = groups.get(place);
    const loop = place.loop === null ? null : (group?.loop ?? new LoopPositions());
    loop?.enterAt(partial.start!.sequence, place.loop!.states.indexOf(partial.state));
    groups.set(place, {
      state: place.state,
      paths: group === undefined ? paths : joined(group.paths, paths),
      count: (group?.count ?? 0) + 1,
      loop,
    });
  }
  state.groups = order.flatMap((each) => groups.get(each) ?? []);
  state.completed = from.completed.map(({ path, start }) => ({
    start: start!,
    paths: setOf(path!, sets),
    ordinal: 0,
    more: false,
  }));
  state.parts = sets.size * 2;
  state.rows = new Set([...sets.keys()].map(({ row }) => row)).size;
  return state;
}

function setOf(path: PathNode, sets: Map<PathNode, PathSet>): PathSet {
  const missing: PathNode[] = [];
  for (let node: PathNode | null = path; node !== null && !sets.has(node); node = node.previous) missing.push(node);
  for (let node = missing.pop(); node !== undefined; node = missing.pop()) {
    const { row, variable, previous } = node;
    sets.set(node, previous === null ? startOf(row, variable) : appended(row, variable, sets.get(previous)!));
  }
  return sets.get(path)!;
}

/**
 * Returns a state with individual partial matches, in the order of `NfaMatcher`. `order`: see
 * `stateOrder`. The conversion stops after `mostRows` path rows. The result is then incomplete.
 */
export function individualFrom(
  from: SharedKeyState,
  { states, variables }: Nfa,
  order: readonly StatePlace[],
  mostRows: number,
): MatchKeyState {
  const final = states.find(({ role }) => role === 'final')!;
  const state = newKeyState();
  state.nextSequence = from.nextSequence;
  state.begins = from.begins;
  state.matches = from.matches;
  state.exactDeadline = from.exactDeadline;
  state.cleanupDeadline = from.cleanupDeadline;
  const reader = new PathReader(variables.length, true);
  let rows = 0;
  const match = (at: NfaState, paths: PathSet, start: KeptRow, ordinal: number): PartialMatch => {
    const path = copied(reader.path(paths, start, ordinal));
    rows += path.length;
    return { state: at, path, start, place: 0 };
  };
  const partials: PartialMatch[] = [];
  const loops = new Map(order.map(({ state: first, loop }) => [first, loop]));
  for (const start of liveStarts(from)) {
    for (const group of from.groups) {
      const { paths, loop } = group;
      if (start.sequence <= afterOf(group, from.after)) continue;
      const at = loop === null ? group.state : loops.get(group.state)!.states[loop.positionOf(start.sequence)]!;
      const count = reader.count(paths, start);
      for (let i = 0; i < count && rows < mostRows; i++) partials.push(match(at, paths, start, i));
    }
  }
  state.partial.fill(partials);
  for (const { start, paths, ordinal, more } of from.completed) {
    const end = more ? reader.count(paths, start) : ordinal + 1;
    for (let i = ordinal; i < end && rows < mostRows; i++) state.completed.push(match(final, paths, start, i));
  }
  return state;
}

/** Copies a path, because the reader uses its nodes again. */
function copied(path: PathNode): PathNode {
  const way: PathNode[] = [];
  for (let node: PathNode | null = path; node !== null; node = node.previous) way.push(node);
  let previous: PathNode | null = null;
  for (const { row, variable, length } of way.reverse()) previous = { row, variable, previous, length };
  return previous!;
}

function liveStarts({ groups, after }: SharedKeyState): readonly KeptRow[] {
  const rows = new Map<number, KeptRow>();
  for (const group of groups) {
    const { starts } = group.paths;
    for (let i = placeAfter(starts, afterOf(group, after)); i < starts.end; i++)
      rows.set(starts.rows[i]!.sequence, starts.rows[i]!);
  }
  return [...rows.values()].sort((a, b) => a.sequence - b.sequence);
}
