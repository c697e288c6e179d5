import type { MatchNode } from '../../plan/match-node.ts';
import type { EdgeCondition } from '../../plan/nfa/condition.ts';
import { IGNORE, type Nfa, type NfaEdge, type NfaState, PROCEED, TAKE } from '../../plan/nfa/nfa.ts';
import type { FoundMatches, Matcher, RowUnderTest } from './matcher.ts';
import type { KeptRow, MatchKeyState, PartialMatch, PathNode } from './partial-match.ts';
import { type CompiledSkip, compileSkip, prune } from './skip-strategy.ts';
import { compareStarts, offer, poll } from './start-order-heap.ts';

/**
 * Runs the automaton with Flink's semantics: no backtracking; every partial match is offered every row; with a skip strategy a completed
 * match waits until no partial match with an earlier start is left.
 */
export class NfaMatcher implements Matcher {
  readonly #nfa: Nfa;
  readonly #start: PartialMatch;
  readonly #skip: CompiledSkip;
  /** Bound from the first row, and from the last row, of a partial match; +Infinity = none. */
  readonly #withinMs: number;
  readonly #stepMs: number;
  /** The variable that every match begins with, where the start has no other way; otherwise -1. */
  readonly #startVariable: number;

  // Scratch of one call; nothing here outlives it.
  /** By variable: twice the number of the decision it was asked in, plus one where it held. */
  readonly #verdicts: Float64Array;
  #decision = 0;
  readonly #edges: NfaEdge[] = [];
  readonly #sources: NfaState[] = [];
  readonly #stack: NfaState[] = [];
  readonly #retained: PartialMatch[] = [];
  readonly #complete: PartialMatch[] = [];
  #spare: PartialMatch[] = [];
  #row!: RowUnderTest;
  #path: PathNode | null = null;
  #kept: KeptRow | null = null;

  constructor(nfa: Nfa, within: MatchNode['within'], skip: MatchNode['skip']) {
    this.#nfa = nfa;
    this.#start = { state: nfa.start, path: null, start: null };
    this.#skip = compileSkip(skip, nfa.variables);
    this.#withinMs = within?.type === 'first-and-last' ? within.ms : Number.POSITIVE_INFINITY;
    this.#stepMs = within?.type === 'previous-and-current' ? within.ms : Number.POSITIVE_INFINITY;
    const [only, more] = nfa.start.edges;
    this.#startVariable =
      only !== undefined && more === undefined && only.action === TAKE && only.condition.kind === 'variable'
        ? only.condition.variable
        : -1;
    this.#verdicts = new Float64Array(nfa.variables.length).fill(-1);
  }

  newState(): MatchKeyState {
    return {
      partial: [this.#start],
      completed: [],
      nextSequence: 0,
      matches: 0,
      exactDeadline: Number.NEGATIVE_INFINITY,
      cleanupDeadline: Number.NEGATIVE_INFINITY,
    };
  }

  isEmpty(state: MatchKeyState): boolean {
    return state.completed.length === 0 && state.partial.length === 1 && state.partial[0]!.start === null;
  }

  openIn(state: MatchKeyState): number {
    return state.partial.length;
  }

  holdsBack(state: MatchKeyState): boolean {
    return state.completed.length > 0;
  }

  beganAtEpoch(state: MatchKeyState): boolean {
    const first = state.partial[0]?.start;
    return first !== null && first !== undefined && first.time <= 0;
  }

  canStart(row: RowUnderTest): boolean {
    if (this.#startVariable >= 0) return row.accepts(this.#startVariable, null);
    this.#row = row;
    this.#decide(this.#start);
    for (const edge of this.#edges) if (edge.action === TAKE) return true;
    return false;
  }

  advance(state: MatchKeyState, row: RowUnderTest, found: FoundMatches): void {
    this.#row = row;
    this.#kept = null;
    const next = this.#spare;
    const complete = this.#complete;
    complete.length = 0;
    const retained = this.#retained;
    for (const partial of state.partial) {
      retained.length = 0;
      const stopped = this.#successors(state, partial, complete, found);
      if (stopped) continue;
      for (const successor of retained) offer(next, successor);
    }
    // The key's old list is the next one's memory.
    this.#spare = state.partial;
    this.#spare.length = 0;
    state.partial = next;
    this.#letGo(state, complete, found);
  }

  /** Fills `#retained`, offers complete ones; true when a stop state was reached, which discards what would be retained. */
  #successors(state: MatchKeyState, partial: PartialMatch, complete: PartialMatch[], found: FoundMatches): boolean {
    this.#decide(partial);
    const edges = this.#edges;
    const isStart = partial.start === null;
    let stopped = false;
    for (let i = 0; i < edges.length; i++) {
      const edge = edges[i]!;
      if (edge.action === IGNORE) {
        if (isStart) continue;
        if (edge.target === partial.state) this.#retained.push(partial);
        else stopped = this.#add({ state: edge.target, path: partial.path, start: partial.start }, complete) || stopped;
        continue;
      }
      const row = this.#keep(state);
      const path: PathNode = {
        row,
        variable: this.#sources[i]!.variable,
        previous: partial.path,
        length: partial.path === null ? 1 : partial.path.length + 1,
      };
      if (isStart) found.started(row);
      const start = partial.start ?? row;
      stopped = this.#add({ state: edge.target, path, start }, complete) || stopped;
      const final = this.#finalAfter(edge.target);
      if (final !== null) offer(complete, { state: final, path, start });
    }
    if (isStart) this.#retained.push(partial);
    return stopped;
  }

  #add(successor: PartialMatch, complete: PartialMatch[]): boolean {
    const role = successor.state.role;
    if (role === 'stop') return true;
    if (role === 'final') offer(complete, successor);
    else this.#retained.push(successor);
    return false;
  }

  #keep(state: MatchKeyState): KeptRow {
    this.#kept ??= { time: this.#row.time, sequence: state.nextSequence++, values: this.#row.keep() };
    return this.#kept;
  }

  /** Collects the TAKE and IGNORE edges that the row opens for the partial match, PROCEED edges followed. */
  #decide(partial: PartialMatch): void {
    this.#decision += 2;
    this.#path = partial.path;
    const edges = this.#edges;
    const sources = this.#sources;
    const stack = this.#stack;
    edges.length = 0;
    sources.length = 0;
    stack.length = 0;
    stack.push(partial.state);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      for (const edge of state.edges) {
        if (!this.#holds(edge.condition)) continue;
        if (edge.action === PROCEED) stack.push(edge.target);
        else {
          edges.push(edge);
          sources.push(state);
        }
      }
    }
  }

  /** The final state, when the rest of the pattern after `state` may be absent. */
  #finalAfter(from: NfaState): NfaState | null {
    const stack = this.#stack;
    stack.length = 0;
    stack.push(from);
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      for (const edge of state.edges) {
        if (edge.action !== PROCEED || !this.#holds(edge.condition)) continue;
        if (edge.target.role === 'final') return edge.target;
        stack.push(edge.target);
      }
    }
    return null;
  }

  #holds(condition: EdgeCondition): boolean {
    switch (condition.kind) {
      case 'always':
        return true;
      case 'not':
        return !this.#holds(condition.of);
      case 'and':
        return this.#holds(condition.left) && this.#holds(condition.right);
      case 'variable': {
        // Asked for once per partial match and row, however many edges need it.
        const known = this.#verdicts[condition.variable]!;
        if (known >= this.#decision) return known > this.#decision;
        const verdict = this.#row.accepts(condition.variable, this.#path);
        this.#verdicts[condition.variable] = verdict ? this.#decision + 1 : this.#decision;
        return verdict;
      }
    }
  }

  /** Emits what may go: everything without a skip strategy, otherwise completed matches that no earlier start holds back. */
  #letGo(state: MatchKeyState, complete: PartialMatch[], found: FoundMatches): void {
    if (this.#skip.kind === 'no-skip') {
      while (complete.length > 0) found.match(poll(complete).path!);
      return;
    }
    const { partial, completed } = state;
    for (const match of complete) offer(completed, match);
    while (completed.length > 0 && (partial.length === 0 || compareStarts(completed[0]!, partial[0]!) <= 0)) {
      const path = poll(completed).path!;
      prune(this.#skip, path, [partial, completed]);
      found.match(path);
    }
  }

  advanceTime(state: MatchKeyState, time: number, found: FoundMatches): void {
    if (time < this.nextDeadline(state)) return;
    const next: PartialMatch[] = [];
    const complete: PartialMatch[] = [];
    for (const partial of state.partial) {
      const deadline = this.#deadlineOf(partial);
      if (time < deadline) offer(next, partial);
      else if (partial.state.role === 'pending') offer(complete, partial);
      else found.timeout(partial.path!, deadline);
    }
    state.partial = next;
    this.#letGo(state, complete, found);
  }

  nextDeadline(state: MatchKeyState): number {
    // The earliest start is at the top of the heap, so the usual bound needs no search.
    const first = state.partial[0];
    if (first === undefined || first.start === null) return Number.POSITIVE_INFINITY;
    let deadline = first.start.time + this.#withinMs;
    if (this.#nfa.hasGap || this.#stepMs !== Number.POSITIVE_INFINITY) {
      for (const partial of state.partial) deadline = Math.min(deadline, this.#deadlineOf(partial));
    }
    return deadline;
  }

  /** Bounds are exclusive: at exactly this time the partial match is over. */
  #deadlineOf(partial: PartialMatch): number {
    if (partial.start === null) return Number.POSITIVE_INFINITY;
    const gapMs = partial.state.gapMs > 0 ? partial.state.gapMs : Number.POSITIVE_INFINITY;
    return Math.min(partial.start.time + this.#withinMs, partial.path!.row.time + Math.min(this.#stepMs, gapMs));
  }
}
