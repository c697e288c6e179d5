import type { MatchNode } from '../../../plan/match-node.ts';
import { type EdgeAction, IGNORE, type Nfa, type NfaState, TAKE } from '../../../plan/nfa/nfa.ts';
import type { RowMove } from '../../../plan/nfa/row-moves.ts';
import type { FoundMatches, Matcher, RowUnderTest } from '../matcher.ts';
import { OpenCounts } from '../open-counts.ts';
import type { KeptRow, PartialMatch } from '../partial-match.ts';
import type { RowDecision } from '../row-decision.ts';
import { type CompiledSkip, compileSkip } from '../skip-strategy.ts';
import { HeldMatches } from './held-matches.ts';
import { countAfter, dropDeadPaths, firstAfter } from './live-paths.ts';
import { LoopPositions } from './loop-positions.ts';
import { appended, joined, type PathSet, restricted, startOf } from './path-set.ts';
import { PlaceMoves } from './place-moves.ts';
import { afterOf, newSharedState, type PathGroup, type SharedKeyState } from './shared-state.ts';
import { lastOf, placeAfter, sizeOf } from './starts.ts';
import type { StatePlace } from './state-order.ts';

/** Dead starts in a set before its dead paths are dropped; also half of all must be dead. */
const DEAD_MIN = 32;

/** The paths that reach a state with the current row. */
interface Arrival {
  paths: PathSet;
  count: number;
}

/** What a row does to the partial matches of a counted loop. */
interface LoopMove {
  readonly loop: LoopPositions;
  paths: PathSet;
  /** The loop takes the row. */
  taken: boolean;
  /** Starts up to this sequence leave the loop. */
  left: number;
}

/**
 * Runs the automaton with Flink's semantics for patterns whose conditions do not read earlier rows.
 * Then all partial matches of a key in the same state make the same moves. The matcher keeps them
 * as one set of paths and moves the whole set: time per row depends on the number of states, and
 * memory on the number of rows. The states of a counted loop are one place: its partial matches are
 * one set, and a counter for each start says which of its states they are in.
 * `NfaMatcher` gives the same output for the same patterns.
 */
export class SharedMatcher implements Matcher<SharedKeyState> {
  readonly announcesChanges = true;
  readonly open: OpenCounts;
  readonly #places: PlaceMoves;
  readonly #startVariable: number;
  readonly #withinMs: number;
  readonly #skip: CompiledSkip;
  readonly #held: HeldMatches;

  // Working memory of one call.
  readonly #arrivals: (Arrival | null)[];
  /** By place: the partial matches that stay in a counted loop. */
  readonly #looping: (LoopMove | null)[];
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
    order: readonly StatePlace[],
    within: MatchNode['within'],
    skip: MatchNode['skip'],
    always: ReadonlySet<number>,
    allRows: boolean,
  ) {
    this.open = new OpenCounts(nfa);
    this.#places = new PlaceMoves(nfa, order, always);
    const [only, more] = nfa.start.edges;
    this.#startVariable =
      only !== undefined && more === undefined && only.action === TAKE && only.condition.kind === 'variable'
        ? only.condition.variable
        : -1;
    this.#withinMs = within?.type === 'first-and-last' ? within.ms : Number.POSITIVE_INFINITY;
    this.#skip = compileSkip(skip, nfa.variables);
    this.#held = new HeldMatches(this.#skip, nfa.variables.length, allRows);
    this.#arrivals = order.map(() => null);
    this.#looping = order.map(() => null);
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
    const { moves, count } = this.#places.decide(this.#places.start, row);
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
    this.#looping.fill(null);
    let changed = false;
    for (const group of state.groups) {
      if (group.loop === null ? this.#move(group) : this.#moveLoop(group, group.loop)) changed = true;
    }
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
    const { moves, count: open } = this.#decide(this.#places.probes[this.#places.placeOf(state)]!);
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
      if (mayEnd && this.#places.decision.finalAfter(target) !== null) this.#complete.push({ paths: taken, count });
    }
    return stopped || open !== 1 || stays !== 1;
  }

  /**
   * Moves all partial matches of a counted loop, one span after the other, from the newest starts
   * to the oldest. Returns whether one of them changes.
   */
  #moveLoop(group: PathGroup, loop: LoopPositions): boolean {
    const place = this.#places.placeOf(group.state);
    const { paths } = group;
    const after = Math.max(this.#state.after, loop.after);
    const move: LoopMove = { loop, paths, taken: false, left: after };
    this.#looping[place] = move;
    let changed = false;
    let before = Number.POSITIVE_INFINITY;
    for (const { last, probe, next } of this.#places.spans[place]!) {
      const first = Math.max(loop.firstUpTo(last), after + 1);
      const here = restricted(paths, first - 1, before);
      if (here === null) continue;
      before = first;
      const count = sizeOf(here.starts);
      const { moves, count: open } = this.#decide(probe);
      const stopped = anyStops(moves, open);
      let remains = false;
      for (let i = 0; i < open; i++) {
        const { action, target, variable, mayEnd } = moves[i]!;
        if (action === IGNORE && target === probe.state) {
          remains = !stopped;
          continue;
        }
        changed = true;
        if (target === next) {
          remains = !stopped;
          if (!move.taken) move.paths = this.#append(paths, variable);
          move.taken = true;
        } else this.#arrive(target, action === IGNORE ? here : this.#append(here, variable), count, stopped);
        if (action === TAKE && mayEnd && this.#places.decision.finalAfter(target) !== null) {
          this.#complete.push({ paths: this.#append(here, variable), count });
        }
      }
      if (remains || move.left > after) continue;
      move.left = lastOf(here.starts).sequence;
      changed = true;
    }
    return changed;
  }

  /** Begins a partial match. Returns whether more may begin. */
  #begin(found: FoundMatches): boolean {
    const { moves, count: open } = this.#decide(this.#places.start);
    const stopped = anyStops(moves, open, TAKE);
    for (let i = 0; i < open; i++) {
      const { action, target, variable, mayEnd } = moves[i]!;
      if (action === IGNORE) continue;
      const row = this.#keep();
      found.started(row);
      const paths = startOf(row, variable);
      this.#state.parts++;
      this.#arrive(target, paths, 1, stopped);
      if (mayEnd && this.#places.decision.finalAfter(target) !== null) this.#complete.push({ paths, count: 1 });
    }
    return !stopped;
  }

  #decide(probe: PartialMatch): RowDecision {
    return this.#places.decide(probe, this.#row);
  }

  /** A stop state drops the successors, but not the matches that are complete. */
  #arrive(target: NfaState, paths: PathSet, count: number, stopped: boolean): void {
    if (target.role === 'final') this.#complete.push({ paths, count });
    if (stopped || target.role !== 'normal') return;
    const place = this.#places.placeOf(target);
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
      const { state: at, loop } = this.#places.order[place]!;
      const group = loop === null ? groupOf(at, arrival) : this.#loopGroup(at, this.#looping[place]!, arrival);
      if (group === null) continue;
      groups.push(group);
      this.open.change(group.state, group.count);
    }
    state.groups = groups;
  }

  /** Returns the partial matches of a counted loop after the row: those that stay, and new ones. */
  #loopGroup(state: NfaState, move: LoopMove | null, arrival: Arrival | null): PathGroup | null {
    let loop = move?.loop ?? new LoopPositions();
    let paths: PathSet | null = null;
    let count = 0;
    if (move !== null) {
      if (move.taken) loop.taken++;
      loop.after = Math.max(loop.after, move.left);
      count = countAfter(move.paths, loop.after);
      if (count > 0) paths = move.paths;
      else loop = new LoopPositions();
    }
    if (arrival !== null) {
      loop.enter(firstAfter(arrival.paths, this.#state.after)!.sequence);
      paths = paths === null ? arrival.paths : joined(paths, arrival.paths);
      count += arrival.count;
      this.#state.parts += 2;
    }
    loop.trim(this.#state.after);
    return paths === null ? null : { state, paths, count, loop };
  }

  advanceTime(state: SharedKeyState, time: number, found: FoundMatches): void {
    if (time < this.nextDeadline(state)) return;
    found.changes?.();
    this.#state = state;
    this.#complete.length = 0;
    const before = this.openIn(state);
    for (const group of state.groups) {
      const { starts } = group.paths;
      const { rows, end } = starts;
      for (let i = placeAfter(starts, afterOf(group, state.after)); i < end; i++) {
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
    if (state.groups.some(({ loop }) => loop !== null)) this.#dropLeft(state);
    this.#dropDead(state);
  }

  /** Raises `state.after` to the starts that have left a counted loop and are nowhere else. */
  #dropLeft(state: SharedKeyState): void {
    const first = firstStart(state)!.sequence;
    const [held] = state.completed;
    state.after = Math.max(state.after, (held === undefined ? first : Math.min(first, held.start.sequence)) - 1);
  }

  /** Removes the starts up to `state.after` from the counts. */
  #dropStarts(state: SharedKeyState): void {
    const groups: PathGroup[] = [];
    for (const group of state.groups) {
      const count = countAfter(group.paths, afterOf(group, state.after));
      this.open.change(group.state, count - group.count);
      if (count > 0) groups.push({ ...group, count });
    }
    state.groups = groups;
  }

  #dropDead(state: SharedKeyState): void {
    let dead = 0;
    let starts = 0;
    for (const { paths } of state.groups) {
      const here = placeAfter(paths.starts, state.after) - paths.starts.from;
      if (here <= dead) continue;
      dead = here;
      starts = sizeOf(paths.starts);
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
  for (const group of groups) {
    const start = firstAfter(group.paths, afterOf(group, after));
    if (start !== null && (first === null || start.sequence < first.sequence)) first = start;
  }
  return first;
}

function groupOf(state: NfaState, arrival: Arrival | null): PathGroup | null {
  return arrival === null ? null : { state, paths: arrival.paths, count: arrival.count, loop: null };
}

/** Returns whether a move leads to a stop state. `only`: the action that counts; absent: any. */
function anyStops(moves: readonly RowMove[], open: number, only?: EdgeAction): boolean {
  for (let i = 0; i < open; i++) {
    const { target, action } = moves[i]!;
    if (target.role === 'stop' && (only === undefined || action === only)) return true;
  }
  return false;
}
