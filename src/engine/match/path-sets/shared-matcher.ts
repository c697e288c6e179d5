import type { MatchNode } from '../../../plan/match-node.ts';
import { type EdgeAction, IGNORE, type Nfa, type NfaState, TAKE } from '../../../plan/nfa/nfa.ts';
import { type RowMove, rowMovesOf } from '../../../plan/nfa/row-moves.ts';
import type { FoundMatches, Matcher, RowUnderTest } from '../matcher.ts';
import { OpenCounts } from '../open-counts.ts';
import type { KeptRow, PartialMatch } from '../partial-match.ts';
import { RowDecision } from '../row-decision.ts';
import { type CompiledSkip, compileSkip } from '../skip-strategy.ts';
import { HeldMatches } from './held-matches.ts';
import { countAfter, dropDeadPaths, firstAfter } from './live-paths.ts';
import { appended, joined, type PathSet, startOf } from './path-set.ts';
import { newSharedState, type PathGroup, type SharedKeyState } from './shared-state.ts';
import { countUpTo } from './starts.ts';

/** Dead starts in a set before its dead paths are dropped; also half of all must be dead. */
const DEAD_MIN = 32;

/** The paths that reach a state with the current row. */
interface Arrival {
  paths: PathSet;
  count: number;
}

/**
 * Runs the automaton with Flink's semantics for patterns whose conditions do not read earlier rows.
 * Then all partial matches of a key in the same state make the same moves. The matcher keeps them
 * as one set of paths and moves the whole set: time per row depends on the number of states, and
 * memory on the number of rows. `NfaMatcher` gives the same output for the same patterns.
 */
export class SharedMatcher implements Matcher<SharedKeyState> {
  readonly announcesChanges = true;
  readonly open: OpenCounts;
  readonly #order: readonly NfaState[];
  /** By index of the state: its place in `#order`. */
  readonly #placeOf: Int32Array;
  readonly #start: PartialMatch;
  /** By place: a partial match in this state, for `RowDecision`. */
  readonly #probes: readonly PartialMatch[];
  readonly #decision: RowDecision;
  readonly #startVariable: number;
  readonly #withinMs: number;
  readonly #skip: CompiledSkip;
  readonly #held: HeldMatches;

  // Working memory of one call.
  readonly #arrivals: (Arrival | null)[];
  readonly #complete: Arrival[] = [];
  #row!: RowUnderTest;
  #kept: KeptRow | null = null;
  #state!: SharedKeyState;
  #sequence = 0;

  /**
   * `order`: see `stateOrder`. `always`: variables whose condition is TRUE. `allRows`: results show
   * each row.
   */
  constructor(
    nfa: Nfa,
    order: readonly NfaState[],
    within: MatchNode['within'],
    skip: MatchNode['skip'],
    always: ReadonlySet<number>,
    allRows: boolean,
  ) {
    this.open = new OpenCounts(nfa);
    this.#order = order;
    this.#placeOf = new Int32Array(nfa.states.length).fill(-1);
    for (const [place, { index }] of order.entries()) this.#placeOf[index] = place;
    this.#start = { state: nfa.start, path: null, start: null };
    this.#probes = order.map((state) => ({ state, path: null, start: null }));
    const movesOf = nfa.states.map((state) => rowMovesOf(state, always));
    this.#decision = new RowDecision(movesOf, nfa.variables.length);
    const [only, more] = nfa.start.edges;
    this.#startVariable =
      only !== undefined && more === undefined && only.action === TAKE && only.condition.kind === 'variable'
        ? only.condition.variable
        : -1;
    this.#withinMs = within?.type === 'first-and-last' ? within.ms : Number.POSITIVE_INFINITY;
    this.#skip = compileSkip(skip, nfa.variables);
    this.#held = new HeldMatches(this.#skip, nfa.variables.length, allRows);
    this.#arrivals = order.map(() => null);
  }

  newState(): SharedKeyState {
    return newSharedState();
  }

  isEmpty({ completed, groups, begins }: SharedKeyState): boolean {
    return completed.length === 0 && groups.length === 0 && begins;
  }

  openIn({ groups }: SharedKeyState): number {
    let count = 0;
    for (const group of groups) count += group.count;
    return count;
  }

  nodesIn({ parts }: SharedKeyState): number {
    return parts;
  }

  holdsBack({ completed }: SharedKeyState): boolean {
    return completed.length > 0;
  }

  beganAtTimeZero(state: SharedKeyState): boolean {
    const first = firstStart(state);
    return first !== null && first.time <= 0;
  }

  canStart(row: RowUnderTest): boolean {
    if (this.#startVariable >= 0) return row.accepts(this.#startVariable, null);
    this.#decision.decide(this.#start, row);
    const { moves, count } = this.#decision;
    for (let i = 0; i < count; i++) if (moves[i]!.action === TAKE) return true;
    return false;
  }

  mayStart(row: RowUnderTest, may: Uint8Array, count: number): void {
    if (this.#startVariable < 0 || row.mayAccept === undefined) may.fill(1, 0, count);
    else row.mayAccept(this.#startVariable, may, count);
  }

  nextDeadline(state: SharedKeyState): number {
    const first = firstStart(state);
    return first === null ? Number.POSITIVE_INFINITY : first.time + this.#withinMs;
  }

  advance(state: SharedKeyState, row: RowUnderTest, found: FoundMatches): void {
    this.#row = row;
    this.#kept = null;
    this.#state = state;
    this.#sequence = state.nextSequence;
    this.#complete.length = 0;
    this.#arrivals.fill(null);
    let changed = false;
    for (const group of state.groups) if (this.#move(group)) changed = true;
    const begins = state.begins && this.#begin(found);
    changed ||= this.#kept !== null || begins !== state.begins;
    if (!changed && this.#complete.length === 0) return;
    found.changes?.();
    state.begins = begins;
    state.nextSequence = this.#sequence;
    if (this.#kept !== null) state.rows++;
    this.#keepArrivals(state);
    this.#held.add(this.#complete, state, found);
    this.#settle(state);
  }

  /** Moves all partial matches of a state. Returns whether one of them changes. */
  #move(group: PathGroup): boolean {
    const { state, paths, count } = group;
    const { moves, count: open } = this.#decide(this.#probes[this.#placeOf[state.index]!]!);
    let stays = 0;
    const stopped = anyStops(moves, open);
    let taken: PathSet | null = null;
    for (let i = 0; i < open; i++) {
      const { action, target, variable, mayEnd } = moves[i]!;
      if (action === IGNORE) {
        if (target === state) stays++;
        this.#arrive(target, paths, count, stopped);
        continue;
      }
      if (taken?.variable !== variable) taken = this.#append(paths, variable);
      this.#arrive(target, taken, count, stopped);
      if (mayEnd && this.#decision.finalAfter(target) !== null) this.#complete.push({ paths: taken, count });
    }
    return stopped || open !== 1 || stays !== 1;
  }

  /** Begins a partial match. Returns whether more may begin. */
  #begin(found: FoundMatches): boolean {
    const { moves, count: open } = this.#decide(this.#start);
    const stopped = anyStops(moves, open, TAKE);
    for (let i = 0; i < open; i++) {
      const { action, target, variable, mayEnd } = moves[i]!;
      if (action === IGNORE) continue;
      const row = this.#keep();
      found.started(row);
      const paths = startOf(row, variable);
      this.#state.parts++;
      this.#arrive(target, paths, 1, stopped);
      if (mayEnd && this.#decision.finalAfter(target) !== null) this.#complete.push({ paths, count: 1 });
    }
    return !stopped;
  }

  #decide(probe: PartialMatch): RowDecision {
    this.#decision.decide(probe, this.#row);
    return this.#decision;
  }

  /** A stop state drops the successors, but not the matches that are complete. */
  #arrive(target: NfaState, paths: PathSet, count: number, stopped: boolean): void {
    if (target.role === 'final') this.#complete.push({ paths, count });
    if (stopped || target.role !== 'normal') return;
    const place = this.#placeOf[target.index]!;
    const there = this.#arrivals[place]!;
    if (there === null) this.#arrivals[place] = { paths, count };
    else {
      there.paths = joined(there.paths, paths);
      there.count += count;
      this.#state.parts += 2;
    }
  }

  #append(paths: PathSet, variable: number): PathSet {
    this.#state.parts++;
    return appended(this.#keep(), variable, paths);
  }

  #keep(): KeptRow {
    this.#kept ??= { time: this.#row.time, sequence: this.#sequence++, values: this.#row.keep() };
    return this.#kept;
  }

  #keepArrivals(state: SharedKeyState): void {
    for (const group of state.groups) this.open.change(group.state, -group.count);
    const groups: PathGroup[] = [];
    for (const [place, arrival] of this.#arrivals.entries()) {
      if (arrival === null) continue;
      const group = { state: this.#order[place]!, paths: arrival.paths, count: arrival.count };
      groups.push(group);
      this.open.change(group.state, group.count);
    }
    state.groups = groups;
  }

  advanceTime(state: SharedKeyState, time: number, found: FoundMatches): void {
    if (time < this.nextDeadline(state)) return;
    found.changes?.();
    this.#state = state;
    this.#complete.length = 0;
    const before = this.openIn(state);
    for (const { paths } of state.groups) {
      const { rows, length } = paths.starts;
      for (let i = countUpTo(paths.starts, state.after); i < length; i++) {
        if (time < rows[i]!.time + this.#withinMs) break;
        state.after = rows[i]!.sequence;
      }
    }
    this.#dropStarts(state);
    found.timedOut?.(before - this.openIn(state));
    this.#held.add(this.#complete, state, found);
    this.#settle(state);
  }

  /** Emits matches that are not held back, and drops the starts that their skip strategy ends. */
  #settle(state: SharedKeyState): void {
    this.open.held += this.#held.change;
    if (this.#held.skippedTo > state.after) {
      state.after = this.#held.skippedTo;
      this.#dropStarts(state);
    }
    this.#dropDead(state);
  }

  /** Removes the starts up to `state.after` from the counts. */
  #dropStarts(state: SharedKeyState): void {
    const groups: PathGroup[] = [];
    for (const group of state.groups) {
      const count = countAfter(group.paths, state.after);
      this.open.change(group.state, count - group.count);
      if (count > 0) groups.push({ ...group, count });
    }
    state.groups = groups;
  }

  #dropDead(state: SharedKeyState): void {
    let dead = 0;
    let starts = 0;
    for (const { paths } of state.groups) {
      const here = countUpTo(paths.starts, state.after);
      if (here <= dead) continue;
      dead = here;
      starts = paths.starts.length;
    }
    if (dead > DEAD_MIN && dead * 2 > starts) dropDeadPaths(state);
    if (state.groups.length + state.completed.length > 0) return;
    state.parts = 0;
    state.rows = 0;
  }
}

/** Returns the earliest first row of the partial matches of a key. */
export function firstStart({ groups, after }: SharedKeyState): KeptRow | null {
  let first: KeptRow | null = null;
  for (const { paths } of groups) {
    const start = firstAfter(paths, after);
    if (start !== null && (first === null || start.sequence < first.sequence)) first = start;
  }
  return first;
}

/** Returns whether a move leads to a stop state. `only`: the action that counts; absent: any. */
function anyStops(moves: readonly RowMove[], open: number, only?: EdgeAction): boolean {
  for (let i = 0; i < open; i++) {
    const { target, action } = moves[i]!;
    if (target.role === 'stop' && (only === undefined || action === only)) return true;
  }
  return false;
}
