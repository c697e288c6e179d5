import type { Nfa, NfaState } from '../../../plan/nfa/nfa.ts';
import { TAKE } from '../../../plan/nfa/nfa.ts';
import { type RowMove, rowMovesOf } from '../../../plan/nfa/row-moves.ts';
import { type CountedLoop, countedLoops } from './counted-loops.ts';
import { openMoves, VARIABLES_MAX } from './truths.ts';

const PLACES_MAX = 64;

/** A place in the order of partial matches: one state, or all states of a counted loop. */
export interface StatePlace {
  /** The first state of a counted loop. */
  readonly state: NfaState;
  readonly loop: CountedLoop | null;
}

/**
 * Returns the states of partial matches in the order in which the matcher keeps partial matches
 * with the same first row: all of one state before all of the next. A counted loop has one place.
 * Null if the automaton has no such order. Then the partial matches of a state cannot be kept as
 * one set without changing the order of matches.
 *
 * Conditions must not depend on earlier rows. So a row gives each variable one truth value, and the
 * moves of every state follow from these values. All combinations of values are tried.
 * `countedFrom`: the least number of states of a counted loop.
 */
export function stateOrder(nfa: Nfa, always: ReadonlySet<number>, countedFrom: number): readonly StatePlace[] | null {
  if (nfa.variables.length > VARIABLES_MAX) return null;
  const moves = new Map<NfaState, readonly RowMove[]>();
  for (const state of nfa.states) {
    const of = rowMovesOf(state, always);
    if (of === null) return null;
    moves.set(state, of);
  }
  const loops = countedLoops(nfa, moves, countedFrom);
  const inLoops = new Set(loops.flatMap(({ states }) => states));
  const places: StatePlace[] = [
    ...nfa.states.filter((state) => !inLoops.has(state)).map((state) => ({ state, loop: null })),
    ...loops.map((loop) => ({ state: loop.states[0]!, loop })),
  ].sort((a, b) => a.state.index - b.state.index);
  if (places.length > PLACES_MAX) return null;
  const before = new Precedence(places);
  const choices = Array.from({ length: 1 << nfa.variables.length }, (_, truths) =>
    places.map(({ state, loop }) => {
      const different = loop === null ? [state] : loop.spans.map(({ first }) => loop.states[first]!);
      return different.map((each) => openMoves(moves.get(each)!, truths));
    }),
  );
  const start = places.findIndex(({ state }) => state === nfa.start);
  for (const taken of choices) before.addSuccessors(taken[start]![0]!.filter(({ action }) => action === TAKE));
  for (let grown = true; grown; ) {
    grown = false;
    for (const taken of choices) if (before.advance(taken)) grown = true;
  }
  for (const taken of choices) {
    for (const [place, different] of taken.entries()) {
      // If one path has several successors in a state, they alternate with those of the next path.
      if (before.has(place, place) && different.some(repeats)) return null;
    }
  }
  return before.sorted();
}

/** By place: the open moves of its state, or of each span of its counted loop. */
type Taken = readonly (readonly (readonly RowMove[])[])[];

/** The order of places among partial matches with the same start. */
class Precedence {
  readonly #places: readonly StatePlace[];
  readonly #placeOf = new Map<NfaState, number>();
  readonly #before: Uint8Array;
  readonly #present: Uint8Array;

  constructor(places: readonly StatePlace[]) {
    this.#places = places;
    for (const [place, { state, loop }] of places.entries()) {
      for (const each of loop === null ? [state] : loop.states) this.#placeOf.set(each, place);
    }
    this.#before = new Uint8Array(places.length ** 2);
    this.#present = new Uint8Array(places.length);
  }

  has(a: number, b: number): boolean {
    return this.#before[a * this.#places.length + b] === 1;
  }

  /** Adds the successors of one partial match. Returns whether something was new. */
  addSuccessors(moves: readonly RowMove[]): boolean {
    let grown = false;
    for (const [i, { target }] of moves.entries()) {
      if (!isListed(target)) continue;
      const place = this.#placeOf.get(target)!;
      if (this.#present[place] === 0) grown = true;
      this.#present[place] = 1;
      for (const later of moves.slice(i + 1)) if (this.#add(target, later.target)) grown = true;
    }
    return grown;
  }

  advance(taken: Taken): boolean {
    let grown = false;
    for (const [a, different] of taken.entries()) {
      if (this.#present[a] === 0) continue;
      for (const moves of different) {
        if (this.addSuccessors(moves)) grown = true;
        for (const [b, others] of taken.entries()) {
          if (!this.has(a, b)) continue;
          for (const { target } of moves) {
            for (const other of others.flat()) if (this.#add(target, other.target)) grown = true;
          }
        }
      }
    }
    return grown;
  }

  /** Returns the present places in an order that agrees with all pairs, or null. */
  sorted(): StatePlace[] | null {
    const left = [...this.#places.keys()].filter((place) => this.#present[place] === 1);
    const order: StatePlace[] = [];
    while (left.length > 0) {
      const at = left.findIndex((place) => left.every((other) => other === place || !this.has(other, place)));
      if (at < 0) return null;
      order.push(...left.splice(at, 1).map((place) => this.#places[place]!));
    }
    return order;
  }

  #add(a: NfaState, b: NfaState): boolean {
    if (!isListed(a) || !isListed(b)) return false;
    const pair = this.#placeOf.get(a)! * this.#places.length + this.#placeOf.get(b)!;
    if (this.#before[pair] === 1) return false;
    this.#before[pair] = 1;
    return true;
  }
}

const isListed = ({ role }: NfaState): boolean => role === 'normal';

function repeats(moves: readonly RowMove[]): boolean {
  const ends = moves.filter(({ target, mayEnd }) => target.role === 'final' || mayEnd);
  const targets = moves.map(({ target }) => target).filter(isListed);
  return ends.length > 1 || new Set(targets).size < targets.length;
}
