import { END_OF_INPUT, type FoundRows, type Matcher } from '../matcher.ts';
import { PartitionState } from './partition-state.ts';
import type { Program } from './program.ts';
import type { StandardObserver } from './standard-observer.ts';
import type { StandardRows } from './standard-rows.ts';
import { type CompiledTarget, nextStart } from './standard-skip.ts';
import { forgetTries, learnFailure, type ThreadStepper } from './thread-stepper.ts';

export interface StandardOptions {
  /** WITHIN in milliseconds; +Infinity = none. */
  readonly withinMs: number;
  readonly skip: CompiledTarget;
  /** WITH UNMATCHED ROWS. */
  readonly unmatched: boolean;
  /** The query uses MATCH_NUMBER(). */
  readonly numbersMatches: boolean;
  /**
   * The number of rows that conditions read after the row under test, and that measures read after
   * the last row of a match.
   */
  readonly lookahead: number;
  readonly measureLookahead: number;
  /** The number of rows before a match that conditions or measures read. */
  readonly lookback: number;
  readonly observer: StandardObserver | null;
}

/**
 * Matches with the semantics of the SQL standard. From each start it finds the preferred match. The
 * text of the pattern determines the preference, and the result is the same as with backtracking.
 * Attempts are decided in the order of their starts.
 *
 * An attempt is decided when its first thread is a match, or when it has no threads. WITHIN is a
 * horizon: the time of the first row plus the bound. The attempt can neither take later rows nor
 * read them with NEXT. When time has passed the horizon, the attempt is decided. Only `$` considers
 * later rows. If conditions read NEXT, a row is tested when the next rows have arrived or cannot
 * arrive within the horizon.
 */
export class StandardMatcher implements Matcher<PartitionState, StandardRows, FoundRows> {
  readonly #program: Program;
  readonly #stepper: ThreadStepper;
  readonly #options: StandardOptions;
  /** The state of a key must be kept even if no attempt is open. */
  readonly #remembers: boolean;

  constructor(program: Program, stepper: ThreadStepper, options: StandardOptions) {
    this.#program = program;
    this.#stepper = stepper;
    this.#options = options;
    this.#remembers = options.lookback > 0 || program.readsStart;
  }

  newState(): PartitionState {
    return new PartitionState();
  }

  canStart(rows: StandardRows): boolean {
    const { unmatched, observer } = this.#options;
    if (this.#remembers || this.#program.mayBeEmpty || unmatched || observer !== null) return true;
    return rows.mayTake(this.#program.firstVariables);
  }

  isEmpty(state: PartitionState): boolean {
    return !this.#remembers && !state.awaitsEnd && state.start >= state.end;
  }

  openIn(state: PartitionState): number {
    return state.threads.length;
  }

  holdsBack(): boolean {
    return false;
  }

  beganAtTimeZero(): boolean {
    return false;
  }

  advance(state: PartitionState, rows: StandardRows, found: FoundRows): void {
    this.#options.observer?.row();
    state.rows.push(rows.keep(state.end));
    this.#run(state, rows.time, found);
  }

  advanceTime(state: PartitionState, time: number, found: FoundRows): void {
    if (time >= END_OF_INPUT) state.awaitsEnd = false;
    this.#run(state, time, found);
  }

  nextDeadline(state: PartitionState): number {
    if (state.start >= state.end) return state.awaitsEnd ? END_OF_INPUT : Number.POSITIVE_INFINITY;
    const idle = state.cursor >= state.end && state.threads.length > 0;
    if (idle && state.threads.every((thread) => this.#stepper.waitsForEnd(thread))) return END_OF_INPUT;
    return Math.min(this.#boundOf(state), END_OF_INPUT);
  }

  #boundOf(state: PartitionState): number {
    return state.rows[state.start - state.base]!.time + this.#options.withinMs;
  }

  /** Continues as long as the known rows and the current time decide an attempt. */
  #run(state: PartitionState, time: number, found: FoundRows): void {
    const { observer } = this.#options;
    while (state.start < state.end) {
      state.horizon = this.#boundOf(state);
      if (!state.begun) {
        state.begun = true;
        state.cursor = state.start;
        this.#stepper.begin(state);
        observer?.began(state.rows[state.start - state.base]!, state.threads.length > 0 || state.best !== null);
      }
      const decided = state.threads.length === 0 || this.#feed(state, time);
      if (!decided || !this.#canSend(state, time)) break;
      this.#decide(state, time, found);
    }
    state.horizon = Number.POSITIVE_INFINITY;
    state.forget(Math.min(state.start, state.end) - this.#options.lookback);
  }

  /** Passes rows to the attempt. Returns true when it is decided. */
  #feed(state: PartitionState, time: number): boolean {
    const { lookahead } = this.#options;
    const passed = time >= state.horizon;
    const ended = time >= END_OF_INPUT;
    while (state.cursor < state.end) {
      const row = state.at(state.cursor);
      if (row === null) {
        this.#cutShort(state);
        return true;
      }
      if (lookahead > 0 && state.cursor + lookahead >= state.end && !passed && !ended) return false;
      this.#stepper.offer(state, row);
      state.cursor++;
      if (state.threads.length === 0) return true;
    }
    if (ended) this.#stepper.finish(state);
    else if (passed) {
      this.#stepper.dropTakes(state);
      if (this.#stepper.learns) forgetTries(state);
    }
    return state.threads.length === 0;
  }

  /** Ends all threads, because a row beyond the bound has arrived. */
  #cutShort(state: PartitionState): void {
    this.#stepper.cutShort(state);
    if (this.#stepper.learns) forgetTries(state);
  }

  /** Measures that read NEXT wait for the rows they read. */
  #canSend(state: PartitionState, time: number): boolean {
    const { measureLookahead } = this.#options;
    const path = state.best?.path ?? null;
    if (measureLookahead === 0 || path === null) return true;
    return path.row.sequence + measureLookahead < state.end || time >= state.horizon || time >= END_OF_INPUT;
  }

  /** Emits the match of the attempt and moves to the next start. */
  #decide(state: PartitionState, time: number, found: FoundRows): void {
    const { best, start } = state;
    const decidedAt = Math.min(time, state.horizon);
    this.#options.observer?.decided(best, decidedAt);
    const first = state.rows[start - state.base]!;
    let next = start + 1;
    if (best === null) {
      if (this.#stepper.learns) learnFailure(state);
      if (this.#options.unmatched && start >= state.matchedTo) found.unmatched(first);
    } else {
      if (this.#stepper.learns) forgetTries(state);
      const number = this.#options.numbersMatches ? ++state.matches : null;
      found.standardMatch({
        path: best.path,
        start: first,
        number,
        time: decidedAt,
        lastRowTime: state.rows.at(-1)!.time,
        rows: state,
      });
      next = nextStart(this.#options.skip, best.path, start);
      state.matchedTo = Math.max(state.matchedTo, best.path === null ? next : best.path.row.sequence + 1);
    }
    state.start = next;
    state.begun = false;
    state.threads = [];
    state.best = null;
  }
}
