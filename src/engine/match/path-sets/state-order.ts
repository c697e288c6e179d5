import type { EdgeCondition } from '../../../plan/nfa/condition.ts';
import { type Nfa, type NfaState, TAKE } from '../../../plan/nfa/nfa.ts';
import { type RowMove, rowMovesOf } from '../../../plan/nfa/row-moves.ts';

/** With more variables there are too many combinations of true conditions to try. */
const VARIABLES_MAX = 8;
const STATES_MAX = 64;

/**
 * Returns the states of partial matches in the order in which the matcher keeps partial matches
 * with the same first row: all of one state before all of the next. Null if the automaton has no
 * such order. Then the partial matches of a state cannot be kept as one set without changing the
 * order of matches.
 *
 * Conditions must not depend on earlier rows. So a row gives each variable one truth value, and the
 * moves of every state follow from these values. All combinations of values are tried.
 */
export function stateOrder(nfa: Nfa, always: ReadonlySet<number>): readonly NfaState[] | null {
  if (nfa.variables.length > VARIABLES_MAX || nfa.states.length > STATES_MAX) return null;
  const moves = new Map<NfaState, readonly RowMove[]>();
  for (const state of nfa.states) {
    const of = rowMovesOf(state, always);
    if (of === null) return null;
    moves.set(state, of);
  }
  const choices = Array.from({ length: 1 << nfa.variables.length }, (_, truths) => {
    const taken = new Map<NfaState, readonly RowMove[]>();
    for (const [state, of] of moves) {
      taken.set(
        state,
        of.filter(({ conditions }) => conditions.every((condition) => holds(condition, truths))),
      );
    }
    return taken;
  });
  const before = new Precedence(nfa.states.length);
  for (const taken of choices) before.addSuccessors(taken.get(nfa.start)!.filter(({ action }) => action === TAKE));
  for (let grown = true; grown; ) {
    grown = false;
    for (const taken of choices) if (before.advance(nfa.states, taken)) grown = true;
  }
  for (const taken of choices) {
    for (const state of nfa.states) {
      // If one path has several successors in a state, they alternate with those of the next path.
      if (before.has(state, state) && repeats(taken.get(state)!)) return null;
    }
  }
  return before.sorted(nfa.states);
}

/** The order of states among partial matches with the same start. */
class Precedence {
  readonly #size: number;
  readonly #before: Uint8Array;
  readonly #present: Uint8Array;

  constructor(size: number) {
    this.#size = size;
    this.#before = new Uint8Array(size * size);
    this.#present = new Uint8Array(size);
  }

  has(a: NfaState, b: NfaState): boolean {
    return this.#before[a.index * this.#size + b.index] === 1;
  }

  /** Adds the successors of one partial match. Returns whether something was new. */
  addSuccessors(moves: readonly RowMove[]): boolean {
    let grown = false;
    for (const [i, { target }] of moves.entries()) {
      if (!isListed(target)) continue;
      if (this.#present[target.index] === 0) grown = true;
      this.#present[target.index] = 1;
      for (const later of moves.slice(i + 1)) if (this.#add(target, later.target)) grown = true;
    }
    return grown;
  }

  advance(states: readonly NfaState[], taken: ReadonlyMap<NfaState, readonly RowMove[]>): boolean {
    let grown = false;
    for (const a of states) {
      if (this.#present[a.index] === 0) continue;
      if (this.addSuccessors(taken.get(a)!)) grown = true;
      for (const b of states) {
        if (!this.has(a, b)) continue;
        for (const { target } of taken.get(a)!) {
          for (const other of taken.get(b)!) if (this.#add(target, other.target)) grown = true;
        }
      }
    }
    return grown;
  }

  /** Returns the present states in an order that agrees with all pairs, or null. */
  sorted(states: readonly NfaState[]): NfaState[] | null {
    const left = states.filter(({ index }) => this.#present[index] === 1);
    const order: NfaState[] = [];
    while (left.length > 0) {
      const at = left.findIndex((state) => left.every((other) => other === state || !this.has(other, state)));
      if (at < 0) return null;
      order.push(...left.splice(at, 1));
    }
    return order;
  }

  #add(a: NfaState, b: NfaState): boolean {
    if (!isListed(a) || !isListed(b) || this.has(a, b)) return false;
    this.#before[a.index * this.#size + b.index] = 1;
    return true;
  }
}

const isListed = ({ role }: NfaState): boolean => role === 'normal';

function repeats(moves: readonly RowMove[]): boolean {
  const ends = moves.filter(({ target, mayEnd }) => target.role === 'final' || mayEnd);
  const targets = moves.map(({ target }) => target).filter(isListed);
  return ends.length > 1 || new Set(targets).size < targets.length;
}

function holds(condition: EdgeCondition, truths: number): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'variable':
      return ((truths >>> condition.variable) & 1) === 1;
    case 'not':
      return !holds(condition.of, truths);
    case 'and':
      return holds(condition.left, truths) && holds(condition.right, truths);
  }
}
