import type { EdgeCondition } from './condition.ts';
import { IGNORE, type Nfa, type NfaEdge, type NfaState, PROCEED, TAKE } from './nfa.ts';

/** One way for a partial match to go on at a row: where to, and whether it takes the row. */
export interface Move {
  readonly target: NfaState;
  readonly takes: boolean;
}

/**
 * What one row can make of a partial match in a state, for each way in which the variables'
 * conditions can turn out together. Only the largest sets: one that is part of another says nothing
 * more about how many partial matches there can be.
 */
export type MoveSets = readonly (readonly Move[])[];

/**
 * More variables than this at one state are not tried out: the state then counts as if every edge
 * could be open at once.
 */
const MAX_VARIABLES = 10;

/** By state index: the move sets of every state, PROCEED edges followed. */
export function moveSetsOf(nfa: Nfa): readonly MoveSets[] {
  return nfa.states.map((state) => largest(setsOf(state)));
}

function setsOf(state: NfaState): readonly (readonly Move[])[] {
  const variables = [...variablesFrom(state)];
  if (variables.length > MAX_VARIABLES) return [movesFrom(state, () => true).filter(({ target }) => !isStop(target))];
  const sets: (readonly Move[])[] = [];
  for (let verdicts = 0; verdicts < 1 << variables.length; verdicts++) {
    const holds = (variable: number): boolean => ((verdicts >> variables.indexOf(variable)) & 1) === 1;
    sets.push(open(state, (edge) => evaluate(edge.condition, holds)));
  }
  return sets;
}

/**
 * What is open together; a way that reaches a stop state ends the partial match, so nothing goes
 * on.
 */
function open(from: NfaState, isOpen: (edge: NfaEdge) => boolean): readonly Move[] {
  const moves = movesFrom(from, isOpen);
  return moves.some(({ target }) => isStop(target)) ? [] : moves;
}

const isStop = ({ role }: NfaState): boolean => role === 'stop';

/** TAKE and IGNORE edges that are open, from the state and from those it proceeds to. */
function movesFrom(from: NfaState, isOpen: (edge: NfaEdge) => boolean): readonly Move[] {
  const moves: Move[] = [];
  const stack = [from];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    for (const edge of state.edges) {
      if (!isOpen(edge)) continue;
      if (edge.action === PROCEED) stack.push(edge.target);
      // The start stays by itself: passing over a row is nothing it has to do
      else if (!(edge.action === IGNORE && from.role === 'start'))
        moves.push({ target: edge.target, takes: edge.action === TAKE });
    }
  }
  return moves;
}

function variablesFrom(from: NfaState): Set<number> {
  const found = new Set<number>();
  const add = (condition: EdgeCondition): void => {
    if (condition.kind === 'variable') found.add(condition.variable);
    else if (condition.kind === 'not') add(condition.of);
    else if (condition.kind === 'and') {
      add(condition.left);
      add(condition.right);
    }
  };
  const seen = new Set([from]);
  for (const state of seen) {
    for (const edge of state.edges) {
      add(edge.condition);
      if (edge.action === PROCEED) seen.add(edge.target);
    }
  }
  return found;
}

function evaluate(condition: EdgeCondition, holds: (variable: number) => boolean): boolean {
  switch (condition.kind) {
    case 'always':
      return true;
    case 'variable':
      return holds(condition.variable);
    case 'not':
      return !evaluate(condition.of, holds);
    case 'and':
      return evaluate(condition.left, holds) && evaluate(condition.right, holds);
  }
}

function largest(sets: readonly (readonly Move[])[]): MoveSets {
  const texts = sets.map((set) => set.map(({ target, takes }) => `${target.index}${takes ? 't' : 'i'}`).sort());
  return sets.filter((set, i) => {
    if (set.length === 0) return false;
    return texts.every(
      (other, j) => j === i || !isPart(texts[i]!, other) || (other.length === texts[i]!.length && i < j),
    );
  });
}

/** Whether all entries of one sorted list are in another, repeated ones as often. */
function isPart(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const entry of part) {
    while (at < whole.length && whole[at]! < entry) at++;
    if (whole[at] !== entry) return false;
    at++;
  }
  return true;
}
