import type { EdgeCondition } from '../../../plan/nfa/condition.ts';
import { type Nfa, type NfaState, TAKE } from '../../../plan/nfa/nfa.ts';
import type { RowMove } from '../../../plan/nfa/row-moves.ts';
import { openMoves } from './truths.ts';

/**
 * The states of a loop with a bound, such as `B{2,1000}`, for which a partial match needs only a
 * counter. State i has taken i rows more than state 0.
 */
export interface CountedLoop {
  readonly states: readonly NfaState[];
  /** Runs of successive states with the same moves, except that each leads to its own successor. */
  readonly spans: readonly CountedSpan[];
}

export interface CountedSpan {
  /** Positions in `CountedLoop.states`. */
  readonly first: number;
  readonly last: number;
}

type Moves = ReadonlyMap<NfaState, readonly RowMove[]>;

/**
 * Returns the loops of at least `least` states whose partial matches can be counted. In such a loop
 * each start has one path, an older start has taken at least as many rows as a newer one, and those
 * that a row drops are the oldest. So a row moves all of them at once.
 */
export function countedLoops(nfa: Nfa, moves: Moves, least: number): CountedLoop[] {
  const sources = sourcesOf(moves);
  const chained = new Set<NfaState>();
  for (const state of nfa.states) {
    const next = nextOf(state, moves, sources);
    if (next !== null) chained.add(next);
  }
  const loops: CountedLoop[] = [];
  for (const head of nfa.states) {
    if (head.role !== 'normal' || chained.has(head)) continue;
    const states: NfaState[] = [];
    for (let at: NfaState | null = head; at !== null; at = nextOf(at, moves, sources)) states.push(at);
    if (states.length < least) continue;
    const loop = { states, spans: spansOf(states, moves) };
    const choices = 1 << nfa.variables.length;
    if (isFedInOrder(head, moves, sources, choices) && movesTogether(loop, moves, choices)) loops.push(loop);
  }
  return loops;
}

/** Returns the states from which a row leads to a state, without the state itself. */
function sourcesOf(moves: Moves): ReadonlyMap<NfaState, ReadonlySet<NfaState>> {
  const sources = new Map<NfaState, Set<NfaState>>();
  for (const [state, of] of moves) {
    for (const { target } of of) {
      if (target === state) continue;
      const known = sources.get(target);
      if (known === undefined) sources.set(target, new Set([state]));
      else known.add(state);
    }
  }
  return sources;
}

/** Returns the state that has taken one more row of the same loop. */
function nextOf(state: NfaState, moves: Moves, sources: ReadonlyMap<NfaState, ReadonlySet<NfaState>>): NfaState | null {
  if (state.role !== 'normal') return null;
  const targets = new Set<NfaState>();
  for (const { action, target, variable } of moves.get(state)!) {
    if (action === TAKE && variable === state.variable) targets.add(target);
  }
  const [target, more] = targets;
  if (target === undefined || more !== undefined || target === state) return null;
  if (target.role !== 'normal' || target.variable !== state.variable || sources.get(target)!.size > 1) return null;
  // The state of a loop without an upper bound takes any number of rows.
  return moves.get(target)!.some((move) => move.action === TAKE && move.target === target) ? null : target;
}

function spansOf(states: readonly NfaState[], moves: Moves): CountedSpan[] {
  const spans: { first: number; last: number }[] = [];
  for (let i = 0; i < states.length; i++) {
    if (i > 0 && makeSameMoves(states, i - 1, moves)) spans.at(-1)!.last = i;
    else spans.push({ first: i, last: i });
  }
  return spans;
}

/** Compares the moves of the states at `i` and `i + 1`. */
function makeSameMoves(states: readonly NfaState[], i: number, moves: Moves): boolean {
  const [one, other, next] = [states[i]!, states[i + 1]!, states[i + 2]];
  const a = moves.get(one)!;
  const b = moves.get(other)!;
  if (a.length !== b.length) return false;
  return a.every((move, n) => {
    const like = b[n]!;
    const target = move.target === one ? other : move.target === other ? next : move.target;
    return (
      target === like.target &&
      move.action === like.action &&
      move.variable === like.variable &&
      move.mayEnd === like.mayEnd &&
      move.conditions.length === like.conditions.length &&
      move.conditions.every((condition, c) => sameCondition(condition, like.conditions[c]!))
    );
  });
}

const sameCondition = (a: EdgeCondition, b: EdgeCondition): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);

/**
 * Returns whether partial matches reach a state in the order of their starts, each start once. That
 * is so if one way leads there, and all partial matches that wait on the way move on together.
 */
function isFedInOrder(
  head: NfaState,
  moves: Moves,
  sources: ReadonlyMap<NfaState, ReadonlySet<NfaState>>,
  choices: number,
): boolean {
  const seen = new Set<NfaState>();
  for (let to = head; ; ) {
    const [from, other] = sources.get(to) ?? [];
    if (from === undefined || other !== undefined || seen.has(from)) return false;
    seen.add(from);
    const of = moves.get(from)!;
    for (let truths = 0; truths < choices; truths++) {
      const open = openMoves(of, truths);
      const leading = open.filter(({ target }) => target === to).length;
      if (leading > 1) return false;
      const others = open.some(({ target }) => target !== to && target.role === 'normal');
      if (leading === 1 && others && from.role !== 'start') return false;
    }
    if (from.role === 'start') return true;
    to = from;
  }
}

/**
 * Returns whether a row moves the partial matches of a loop together: those that stay in the loop
 * all take the row or all ignore it, and are the ones with the fewest rows.
 */
function movesTogether({ states, spans }: CountedLoop, moves: Moves, choices: number): boolean {
  for (let truths = 0; truths < choices; truths++) {
    let fate: 'take' | 'stay' | null = null;
    let dropped = false;
    for (const { first } of spans) {
      const state = states[first]!;
      const open = openMoves(moves.get(state)!, truths);
      const takes = open.filter(({ target }) => target === states[first + 1]).length;
      const stays = open.filter(({ target }) => target === state).length;
      if (takes + stays > 1) return false;
      if (takes + stays === 0 || open.some(({ target }) => target.role === 'stop')) {
        dropped = true;
        continue;
      }
      const own = takes === 1 ? 'take' : 'stay';
      if (dropped || (fate !== null && fate !== own)) return false;
      fate = own;
    }
  }
  return true;
}
