import type { MatchOperation } from './match-node.ts';
import { type Component, type Components, componentsOf } from './nfa/components.ts';
import { type MoveSets, moveSetsOf } from './nfa/moves.ts';
import type { Nfa, NfaState } from './nfa/nfa.ts';
import { compileNfa } from './nfa/nfa-compiler.ts';

/**
 * How many partial matches a key can have at a time, as a function of n, the rows of the key within
 * the bound: a constant, a power of n, or exponential.
 */
export type Growth =
  | { readonly kind: 'constant'; readonly most: number }
  | { readonly kind: 'polynomial'; readonly degree: number }
  | { readonly kind: 'exponential' };

/**
 * How long a partial match can live. `time`: at most this many milliseconds of event time. `steps`:
 * until the next row is more than this many milliseconds away; there is no limit while rows keep
 * coming. `rows`: at most this many rows of the key, with no limit in time. `unbounded`: until a
 * row ends it.
 */
export type Retention =
  | { readonly kind: 'time'; readonly ms: number }
  | { readonly kind: 'steps'; readonly ms: number }
  | { readonly kind: 'rows'; readonly rows: number }
  | { readonly kind: 'unbounded' };

export interface MatchBound {
  readonly growth: Growth;
  readonly retention: Retention;
}

/**
 * Returns the bound on the state of a pattern for each key. It is computed from the automaton alone
 * and is valid for all rows and all results of the conditions.
 */
export function matchBound(node: MatchOperation): MatchBound {
  const nfa = automatonOf(node);
  const sets = moveSetsOf(nfa);
  const components = componentsOf(nfa.states, sets);
  return { growth: growthOf(nfa, sets, components), retention: retentionOf(node, nfa, sets, components) };
}

/**
 * Returns the largest number of partial matches that a key can have after `rows` rows, if none has
 * ended. The growth is the class of this number. Each row starts one. Each live one continues by
 * the set of moves that leaves most.
 */
export function mostPartialMatches(node: MatchOperation, rows: number): number {
  const nfa = automatonOf(node);
  const sets = moveSetsOf(nfa);
  let most: readonly number[] = nfa.states.map((state) => (isKept(state) ? 1 : 0));
  let total = 0;
  for (let row = 0; row < rows; row++) {
    total += bestOf(sets[nfa.start.index]!, most);
    const before = most;
    most = nfa.states.map((state) => (isKept(state) ? bestOf(sets[state.index]!, before) : 0));
  }
  return total;
}

const automatonOf = (node: MatchOperation): Nfa =>
  compileNfa(
    node.pattern,
    node.define.map(({ variable }) => variable),
    { bounded: node.within !== null },
  );

const isKept = ({ role }: NfaState): boolean => role === 'normal' || role === 'pending' || role === 'start';

const bestOf = (sets: MoveSets, most: readonly number[]): number =>
  sets.reduce(
    (best, set) =>
      Math.max(
        best,
        set.reduce((sum, { target }) => sum + most[target.index]!, 0),
      ),
    0,
  );

/**
 * Computes the growth from the shape of the automaton. A component is a set of states that lead to
 * each other: a partial match can stay in it. If a row can keep the partial match there and also
 * send a copy to another component of this kind, this can happen at each of n rows: one more power
 * of n. If a row can make two partial matches of one within a component, their number doubles with
 * every row.
 */
function growthOf(nfa: Nfa, sets: readonly MoveSets[], components: Components): Growth {
  const of = (state: NfaState): Component => components.of[state.index]!;
  const doubles = [...reachable(nfa, sets)].some((state) => {
    if (!of(state).cyclic) return false;
    return sets[state.index]!.some((set) => set.filter(({ target }) => of(target) === of(state)).length > 1);
  });
  if (doubles) return { kind: 'exponential' };

  /** Returns the power of n from a component on; -1 if no partial match can stay. */
  const powers = new Map<Component, number>();
  for (const component of components.targetsFirst) {
    let best = component.cyclic ? 0 : -1;
    for (const state of component.states) {
      for (const set of sets[state.index]!) {
        const stays = component.cyclic && set.some(({ target }) => of(target) === component);
        for (const { target } of set) {
          if (of(target) === component || !isKept(target)) continue;
          const further = powers.get(of(target))!;
          if (further >= 0) best = Math.max(best, further + (stays ? 1 : 0));
        }
      }
    }
    powers.set(component, best);
  }
  let degree = 0;
  for (const set of sets[nfa.start.index]!) {
    for (const { target } of set) if (isKept(target)) degree = Math.max(degree, powers.get(of(target))! + 1);
  }
  return degree === 0 ? { kind: 'constant', most: constantOf(nfa, sets, components) } : { kind: 'polynomial', degree };
}

/**
 * Returns the states that a partial match can reach. The greedy rewrite makes others unreachable.
 */
function reachable(nfa: Nfa, sets: readonly MoveSets[]): ReadonlySet<NfaState> {
  const found = new Set([nfa.start]);
  for (const state of found)
    for (const set of sets[state.index]!) for (const { target } of set) if (isKept(target)) found.add(target);
  return found;
}

/** Larger automata are not counted row by row. */
const EXACT_STATES = 300;

/** No partial match can stay, so the number is constant after as many rows as there are states. */
function constantOf(nfa: Nfa, sets: readonly MoveSets[], components: Components): number {
  if (nfa.states.length > EXACT_STATES) return roughConstant(nfa, sets, components);
  let most: readonly number[] = nfa.states.map((state) => (isKept(state) ? 1 : 0));
  let total = 0;
  for (let row = 0; row <= nfa.states.length; row++) {
    const added = bestOf(sets[nfa.start.index]!, most);
    if (added === 0) break;
    total += added;
    const before = most;
    most = nfa.states.map((state) => (isKept(state) ? bestOf(sets[state.index]!, before) : 0));
  }
  return total;
}

/** Returns an upper bound: all moves of a state count as open at once. Exact for a chain. */
function roughConstant(nfa: Nfa, sets: readonly MoveSets[], components: Components): number {
  const following = new Float64Array(nfa.states.length);
  for (const { states } of components.targetsFirst) {
    for (const state of states) {
      const targets = new Set(sets[state.index]!.flatMap((set) => set.map(({ target }) => target)));
      for (const target of targets) if (isKept(target)) following[state.index]! += 1 + following[target.index]!;
    }
  }
  return following[nfa.start.index]!;
}

function retentionOf(node: MatchOperation, nfa: Nfa, sets: readonly MoveSets[], components: Components): Retention {
  if (node.within?.type === 'first-and-last') return { kind: 'time', ms: node.within.ms };
  const reached = [...reachable(nfa, sets)];
  const stays = reached.filter((state) => state !== nfa.start && components.of[state.index]!.cyclic);
  if (stays.length === 0 && node.within === null) return { kind: 'rows', rows: constantOf(nfa, sets, components) };
  if (node.within === null) return { kind: 'unbounded' };
  const takesAgain = stays.some((state) =>
    sets[state.index]!.some((set) =>
      set.some(({ target, takes }) => takes && components.of[target.index] === components.of[state.index]),
    ),
  );
  if (takesAgain) return { kind: 'steps', ms: node.within.ms };
  return { kind: 'time', ms: node.within.ms * takesOf(nfa, sets, components) };
}

/** Returns the most rows that a partial match can take if no loop takes any. */
function takesOf(nfa: Nfa, sets: readonly MoveSets[], components: Components): number {
  const most = new Float64Array(nfa.states.length);
  for (const { states } of components.targetsFirst) {
    for (const state of states) {
      for (const { target, takes } of sets[state.index]!.flat()) {
        if (target !== state) most[state.index] = Math.max(most[state.index]!, most[target.index]! + (takes ? 1 : 0));
      }
    }
  }
  return Math.max(1, most[nfa.start.index]!);
}
