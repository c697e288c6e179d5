import type { MatchNode } from '../../plan/match-node.ts';
import { IGNORE, type Nfa, TAKE } from '../../plan/nfa/nfa.ts';
import { rowMovesOf, sameMoves } from '../../plan/nfa/row-moves.ts';
import { decidedBy, foundBy } from './found-by.ts';
import type { MatchObserver } from './match-observer.ts';
import type { FoundMatches, Matcher, RowUnderTest } from './matcher.ts';
import { OpenCounts } from './open-counts.ts';
import { type FoundBy, PartialIndex } from './partial-index.ts';
import { PartialList } from './partial-list.ts';
import { beforeRunOf, type KeptRow, type MatchKeyState, type PartialMatch, type PathNode } from './partial-match.ts';
import { RowDecision } from './row-decision.ts';
import { type CompiledSkip, compileSkip, prune } from './skip-strategy.ts';
import { compareStarts, offer, poll } from './start-order-heap.ts';
import { ThresholdRule } from './threshold-rule.ts';
import { TimeBounds } from './time-bounds.ts';

/** The number of partial matches of a key from which on the matcher uses an index. */
const INDEX_FROM = 24;

/** Creates the empty state of a key. */
export function newKeyState(): MatchKeyState {
  return {
    partial: new PartialList(),
    begins: true,
    completed: [],
    nextSequence: 0,
    nodes: 0,
    matches: 0,
    exactDeadline: Number.NEGATIVE_INFINITY,
    cleanupDeadline: Number.NEGATIVE_INFINITY,
  };
}

/**
 * Runs the automaton with Flink's semantics, without backtracking. Offers every row to every
 * partial match. With a skip strategy a completed match waits until no partial match with an
 * earlier start remains.
 */
export class NfaMatcher implements Matcher {
  readonly announcesChanges = true;
  readonly open: OpenCounts;
  readonly #nfa: Nfa;
  readonly #indexFrom: number;
  readonly #start: PartialMatch;
  readonly #skip: CompiledSkip;
  readonly #bounds: TimeBounds;
  readonly #thresholdRule: ThresholdRule;
  /** The variable with which every match begins, if the start has only one way; otherwise -1. */
  readonly #startVariable: number;
  /** By state: the first one with the same moves. */
  readonly #standFor: Int32Array;
  /** By variable. */
  readonly #unread: Uint8Array;
  readonly #decidedBy: FoundBy;
  readonly #observer: MatchObserver | null;

  // Working memory of one call.
  readonly #decision: RowDecision;
  /**
   * An array that is emptied releases its memory. These arrays keep their memory. A separate number
   * is their length.
   */
  readonly #retained: PartialMatch[] = [];
  #retainedCount = 0;
  readonly #complete: PartialMatch[] = [];
  readonly #asked: PartialMatch[] = [];
  readonly #over: PartialMatch[] = [];
  /** The bounds that completed absences in the current call. */
  readonly #absences = new Map<PartialMatch, number>();
  #foundBy: FoundBy | null = null;
  #changed = false;
  #row!: RowUnderTest;
  #kept: KeptRow | null = null;
  #sequence = 0;
  /** Path nodes that the row has created. */
  #created = 0;

  /**
   * `unread`: variables whose rows are not read after they are taken (`unread-variables.ts`).
   * `indexFrom`: the number of partial matches of a key from which on the values of equalities find
   * them. `always`: variables whose condition is TRUE.
   */
  constructor(
    nfa: Nfa,
    within: MatchNode['within'],
    skip: MatchNode['skip'],
    unread: readonly string[] = [],
    indexFrom = INDEX_FROM,
    observer: MatchObserver | null = null,
    always: readonly string[] = [],
  ) {
    this.#nfa = nfa;
    this.#observer = observer;
    this.open = new OpenCounts(nfa);
    this.#indexFrom = indexFrom;
    this.#start = { state: nfa.start, path: null, start: null, place: 0 };
    this.#skip = compileSkip(skip, nfa.variables);
    this.#bounds = new TimeBounds(within, nfa.hasGap);
    const alwaysAt = new Set(always.map((name) => nfa.variables.indexOf(name)));
    const movesOf = nfa.states.map((state) => rowMovesOf(state, alwaysAt));
    this.#decision = new RowDecision(movesOf, nfa.variables.length);
    this.#standFor = Int32Array.from(nfa.states, (state, i) =>
      nfa.states.findIndex(
        (other, j) =>
          i === j || (other.role === 'normal' && state.role === 'normal' && sameMoves(movesOf[j]!, movesOf[i]!)),
      ),
    );
    this.#unread = Uint8Array.from(nfa.variables, (name) => (unread.includes(name) ? 1 : 0));
    this.#decidedBy = decidedBy(nfa, movesOf, this.#standFor, this.#unread);
    this.#thresholdRule = new ThresholdRule(this.#decidedBy);
    const [only, more] = nfa.start.edges;
    this.#startVariable =
      only !== undefined && more === undefined && only.action === TAKE && only.condition.kind === 'variable'
        ? only.condition.variable
        : -1;
  }

  newState(): MatchKeyState {
    return newKeyState();
  }

  isEmpty(state: MatchKeyState): boolean {
    return state.completed.length === 0 && state.partial.length === 0 && state.begins;
  }

  openIn(state: MatchKeyState): number {
    return state.partial.length;
  }

  nodesIn({ nodes, partial, completed }: MatchKeyState): number {
    return nodes + partial.length + completed.length;
  }

  holdsBack(state: MatchKeyState): boolean {
    return state.completed.length > 0;
  }

  beganAtTimeZero(state: MatchKeyState): boolean {
    const { first } = state.partial;
    return first !== null && first.start!.time <= 0;
  }

  canStart(row: RowUnderTest): boolean {
    // An observer also needs the rows that begin no match.
    if (this.#observer !== null) return true;
    if (this.#startVariable >= 0) return row.accepts(this.#startVariable, null);
    const { moves } = this.#decision;
    this.#decision.decide(this.#start, row);
    for (let i = 0; i < this.#decision.count; i++) if (moves[i]!.action === TAKE) return true;
    return false;
  }

  mayStart(row: RowUnderTest, may: Uint8Array, count: number): void {
    if (this.#startVariable < 0 || row.mayAccept === undefined || this.#observer !== null) may.fill(1, 0, count);
    else row.mayAccept(this.#startVariable, may, count);
  }

  rowNumbers(row: RowUnderTest, numbers: Float64Array, count: number): void {
    this.#thresholdRule.rowNumbers(row, numbers, count);
  }

  changeThreshold(state: MatchKeyState, row: RowUnderTest): number {
    if (this.#observer !== null || !state.begins) return Number.NEGATIVE_INFINITY;
    return this.#thresholdRule.changeThreshold(state.partial, row);
  }

  advance(state: MatchKeyState, row: RowUnderTest, found: FoundMatches): void {
    this.#row = row;
    this.#observer?.row(row);
    this.#kept = null;
    this.#sequence = state.nextSequence;
    this.#created = 0;
    if (this.#complete.length > 0) this.#complete.length = 0;
    this.#changed = false;
    const { partial } = state;
    if (partial.length < this.#indexFrom || !this.#advanceFound(state, row, found)) this.#advanceAll(state, found);
    if (state.begins) this.#begin(state, found);
    if (!this.#changed && this.#complete.length === 0) return;
    this.#change(found);
    state.nextSequence = this.#sequence;
    state.nodes += this.#created;
    this.#letGo(state, this.#complete, found);
  }

  #begin(state: MatchKeyState, found: FoundMatches): void {
    const stopped = this.#successors(this.#start, found);
    this.#observer?.tried(this.#start, this.#row, this.#allRetained(), stopped);
    const count = this.#retainedCount;
    if (!stopped && count === 0) return;
    this.#change(found);
    if (stopped) {
      state.begins = false;
      return;
    }
    for (let i = 0; i < count; i++) {
      const begun = this.#retained[i]!;
      state.partial.push(begun);
      this.open.born(begun);
    }
  }

  #change(found: FoundMatches): void {
    if (this.#changed) return;
    this.#changed = true;
    found.changes?.();
  }

  /**
   * Offers the row to every partial match. Most rows change nothing: the list is rewritten only
   * from the first changed partial match on.
   */
  #advanceAll(state: MatchKeyState, found: FoundMatches): void {
    const { partial } = state;
    let next: PartialMatch[] | null = null;
    for (let place = partial.begin; place < partial.end; place++) {
      const before = partial.at(place);
      if (before === null) continue;
      const stopped = this.#successors(before, found);
      this.#observer?.tried(before, this.#row, this.#allRetained(), stopped);
      if (next === null) {
        if (!stopped && this.#stays(before)) continue;
        this.#change(found);
        next = [];
        for (let i = partial.begin; i < place; i++) {
          const stays = partial.at(i);
          if (stays !== null) next.push(stays);
        }
      }
      if (!stopped) for (let i = 0; i < this.#retainedCount; i++) next.push(this.#retained[i]!);
      this.#count(before, stopped);
    }
    if (next !== null) partial.fill(next);
  }

  /** Counts the successors of a changed partial match. */
  #count(before: PartialMatch, stopped: boolean): void {
    let stays = false;
    for (let i = 0; i < this.#retainedCount && !stopped; i++) {
      const successor = this.#retained[i]!;
      if (successor === before) stays = true;
      else this.open.born(successor);
    }
    if (!stays) this.open.died(before);
  }

  /**
   * Offers the row only to the partial matches that an equality finds. Returns false if this is not
   * possible.
   */
  #advanceFound(state: MatchKeyState, row: RowUnderTest, found: FoundMatches): boolean {
    this.#foundBy ??= foundBy(this.#decidedBy, row.equalities ?? []);
    if (!this.#foundBy.some((variables) => variables !== null)) return false;
    const { partial } = state;
    if (partial.index === null) {
      const index = new PartialIndex(this.#foundBy, row);
      for (const each of partial) index.add(each);
      partial.index = index;
    }
    const asked = this.#asked;
    if (!partial.index.find(row, asked)) return false;
    for (let i = 0; i < asked.length; i++) {
      const before = asked[i]!;
      const stopped = this.#successors(before, found);
      if (!stopped && this.#stays(before)) continue;
      this.#change(found);
      this.#count(before, stopped);
      if (stopped || this.#retainedCount === 0) partial.remove(before);
      else if (this.#retainedCount === 1) partial.replace(before, this.#retained[0]!);
      else partial.spread(before, this.#allRetained());
    }
    return true;
  }

  /**
   * Fills `#retained` with the successors and reports complete matches. Returns true if a stop
   * state was reached. The stop state discards the successors.
   */
  #successors(partial: PartialMatch, found: FoundMatches): boolean {
    this.#retainedCount = 0;
    const decision = this.#decision;
    decision.decide(partial, this.#row);
    const { moves, count } = decision;
    const isStart = partial.start === null;
    let stopped = false;
    for (let i = 0; i < count; i++) {
      const { action, target, variable, mayEnd } = moves[i]!;
      if (action === IGNORE) {
        if (isStart) continue;
        if (target === partial.state) this.#retain(partial);
        else stopped = this.#add({ state: target, path: partial.path, start: partial.start, place: 0 }) || stopped;
        continue;
      }
      const final = mayEnd ? decision.finalAfter(target) : null;
      if (this.#unread[variable] === 1 && !isStart && final === null && target.role === 'normal') {
        // The row is not read later, so only the state changes.
        if (this.#standFor[target.index] === this.#standFor[partial.state.index]) this.#retain(partial);
        else {
          const state = this.#nfa.states[this.#standFor[target.index]!]!;
          this.#retain({ state, path: partial.path, start: partial.start, place: 0 });
        }
        continue;
      }
      const row = this.#keep();
      const path: PathNode = {
        row,
        variable,
        previous: partial.path,
        length: partial.path === null ? 1 : partial.path.length + 1,
        beforeRun: beforeRunOf(partial.path, variable),
        mark: 0,
      };
      this.#created++;
      if (isStart) found.started(row);
      const start = partial.start ?? row;
      stopped = this.#add({ state: target, path, start, place: 0 }) || stopped;
      if (final !== null) this.#finish({ state: final, path, start, place: 0 });
    }
    return stopped;
  }

  /**
   * A row that is not read can be both taken and ignored. Both successors then look like the
   * partial match, and they are two entries of the list: one object must not have two places.
   */
  #retain(successor: PartialMatch): void {
    for (let i = 0; i < this.#retainedCount; i++) {
      if (this.#retained[i] !== successor) continue;
      this.#retained[this.#retainedCount++] = { ...successor };
      return;
    }
    this.#retained[this.#retainedCount++] = successor;
  }

  #allRetained(): PartialMatch[] {
    return this.#retained.slice(0, this.#retainedCount);
  }

  /** Returns whether the row has not changed the partial match. */
  #stays(before: PartialMatch): boolean {
    return this.#retainedCount === 1 && this.#retained[0] === before;
  }

  #add(successor: PartialMatch): boolean {
    const role = successor.state.role;
    if (role === 'stop') return true;
    if (role === 'final') this.#finish(successor);
    else this.#retain(successor);
    return false;
  }

  #finish(match: PartialMatch): void {
    offer(this.#complete, match);
    this.#observer?.completed(match);
  }

  #keep(): KeptRow {
    this.#kept ??= { time: this.#row.time, sequence: this.#sequence++, values: this.#row.keep() };
    return this.#kept;
  }

  /**
   * Emits all completed matches without a skip strategy, otherwise those that no earlier start
   * holds back.
   */
  #letGo(state: MatchKeyState, complete: PartialMatch[], found: FoundMatches): void {
    if (this.#skip.kind === 'no-skip') {
      while (complete.length > 0) {
        const match = poll(complete);
        const path = match.path!;
        const time = this.#absences.get(match);
        this.#observer?.matched(path, time);
        found.match(path, time);
      }
      return;
    }
    const { partial, completed } = state;
    const heldBefore = completed.length;
    for (const match of complete) offer(completed, match);
    while (completed.length > 0) {
      const { first } = partial;
      if (first !== null && compareStarts(completed[0]!, first) > 0) break;
      const match = poll(completed);
      const path = match.path!;
      const time = this.#absences.get(match);
      const held = this.#observer === null ? null : [...completed];
      const skipped = prune(this.#skip, path, partial, completed);
      for (const pruned of skipped) this.open.died(pruned);
      this.#observer?.matched(path, time);
      if (held !== null) {
        this.#observer!.skipped([...skipped, ...held.filter((match) => !completed.includes(match))], path);
      }
      found.match(path, time);
    }
    this.open.held += completed.length - heldBefore;
  }

  advanceTime(state: MatchKeyState, time: number, found: FoundMatches): void {
    if (time < this.nextDeadline(state)) return;
    this.#observer?.time(time);
    found.changes?.();
    const complete: PartialMatch[] = [];
    const { partial } = state;
    for (let place = partial.begin; place < partial.end; place++) {
      const each = partial.at(place);
      if (each === null) continue;
      const deadline = this.#bounds.deadlineOf(each);
      if (time >= deadline) {
        this.#observer?.expired(each, deadline);
        if (each.state.role === 'pending') {
          offer(complete, each);
          this.#absences.set(each, deadline);
        } else found.timeout(each.path!, deadline);
        this.#over.push(each);
      } else if (this.#bounds.inOrder) break;
    }
    for (const each of this.#over) {
      partial.remove(each);
      this.open.died(each);
    }
    this.#over.length = 0;
    this.#letGo(state, complete, found);
    this.#absences.clear();
  }

  drop(state: MatchKeyState, count: number, which: 'oldest' | 'newest', found: FoundMatches): number {
    const { partial } = state;
    const going = which === 'oldest' ? [...partial].slice(0, count) : [...partial].slice(-count);
    if (going.length === 0) return 0;
    found.changes?.();
    for (const each of going) {
      partial.remove(each);
      this.open.died(each);
    }
    this.#letGo(state, [], found);
    return going.length;
  }

  nextDeadline(state: MatchKeyState): number {
    return this.#bounds.next(state.partial);
  }
}
