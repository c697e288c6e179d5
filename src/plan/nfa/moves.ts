import type { EdgeCondition } from './condition.ts';
import { IGNORE, type Nfa, type NfaEdge, type NfaState, PROCEED, TAKE } from './nfa.ts';

/** One move of a partial match at a row: the target state, and whether it takes the row. */
export interface Move {
  readonly target: NfaState;
  readonly takes: boolean;
}

/**
 * The moves that one row can open for a partial match in a state, for each combination of results
 * of the variables' conditions. Only the largest sets: a subset of another set cannot give more
 * partial matches.
 */
export type MoveSets = readonly (readonly Move[])[];

/**
 * With more variables than this at one state the combinations are not tried. The state then counts
 * as if every edge could be open at once.
 */
const MAX_VARIABLES = 10;

/** Returns the move sets of every state by its index. PROCEED edges are followed. */
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
 * Returns the moves that are open together. A way that reaches a stop state ends the partial match,
 * so no move is left.
 */
function open(from: NfaState, isOpen: (edge: NfaEdge) => boolean): readonly Move[] {
  const moves = movesFrom(from, isOpen);
  return moves.some(({ target }) => isStop(target)) ? [] : moves;
}

const isStop = ({ role }: NfaState): boolean => role === 'stop';

/** Returns the open TAKE and IGNORE edges of the state and of those to which it proceeds. */
function movesFrom(from: NfaState, isOpen: (edge: NfaEdge) => boolean): readonly Move[] {
  const moves: Move[] = [];
  const stack = [from];
  for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
    for (const edge of state.edges) {
      if (!isOpen(edge)) continue;
      if (edge.action === PROCEED) stack.push(edge.target);
      // The start always stays, so it needs no move that passes over a row.
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

/** Returns whether all entries of one sorted list are in another, repeated ones as often. */
function isPart(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const entry of part) {
    while (at < whole.length && whole[at]! < entry) at++;
    if (whole[at] !== entry) return false;
    at++;
  }
  return true;
}
