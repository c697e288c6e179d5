import { END_OF_INPUT, type FoundRows, type Matcher } from '../matcher.ts';
import { PartitionState } from './partition-state.ts';
import type { Program } from './program.ts';
import type { StandardRows } from './standard-rows.ts';
import { type CompiledTarget, nextStart } from './standard-skip.ts';
import { forgetTries, learnFailure, type ThreadStepper } from './thread-stepper.ts';

export interface StandardOptions {
  /** WITHIN in milliseconds; +Infinity = none. */
  readonly withinMs: number;
  readonly skip: CompiledTarget;
  /** WITH UNMATCHED ROWS. */
  readonly unmatched: boolean;
  /** MATCH_NUMBER() is asked for. */
  readonly numbersMatches: boolean;
  /**
   * Rows after the one under test that conditions read, and after the last row of a match that
   * measures read.
   */
  readonly lookahead: number;
  readonly measureLookahead: number;
  /** Rows before a match that anything reads. */
  readonly lookback: number;
}

/**
 * Matches as the SQL standard says: from each start the preferred match, where preference goes by
 * the pattern's text, with everything that backtracking would find. Attempts are decided in order
 * of their starts.
 *
 * An attempt is decided when its first thread is a match, or none is left. WITHIN is a horizon:
 * what lies at or after the time of the first row plus the bound does not exist for the attempt,
 * neither for taking nor for NEXT, so it is decided once time has passed there; only `$` looks
 * beyond. Where conditions read NEXT, a row is tested when the rows after it have come, or cannot
 * come within the horizon.
 */
export class StandardMatcher implements Matcher<PartitionState, StandardRows, FoundRows> {
  readonly #program: Program;
  readonly #stepper: ThreadStepper;
  readonly #options: StandardOptions;
  /** A key has to be remembered also when no attempt is open. */
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
    if (this.#remembers || this.#program.mayBeEmpty || this.#options.unmatched) return true;
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

  beganAtEpoch(): boolean {
    return false;
  }

  advance(state: PartitionState, rows: StandardRows, found: FoundRows): void {
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

  /** Goes on as far as the rows that have come and the time that has passed decide anything. */
  #run(state: PartitionState, time: number, found: FoundRows): void {
    while (state.start < state.end) {
      state.horizon = this.#boundOf(state);
      if (!state.begun) {
        state.begun = true;
        state.cursor = state.start;
        this.#stepper.begin(state);
      }
      const decided = state.threads.length === 0 || this.#feed(state, time);
      if (!decided || !this.#canSend(state, time)) break;
      this.#decide(state, found);
    }
    state.horizon = Number.POSITIVE_INFINITY;
    state.forget(Math.min(state.start, state.end) - this.#options.lookback);
  }

  /** Offers rows to the attempt; true when it is decided. */
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

  /** A row beyond the bound has come: no thread can go on. */
  #cutShort(state: PartitionState): void {
    state.threads = [];
    if (this.#stepper.learns) forgetTries(state);
  }

  /** Measures that read NEXT wait for the rows they read. */
  #canSend(state: PartitionState, time: number): boolean {
    const { measureLookahead } = this.#options;
    const path = state.best?.path ?? null;
    if (measureLookahead === 0 || path === null) return true;
    return path.row.sequence + measureLookahead < state.end || time >= state.horizon || time >= END_OF_INPUT;
  }

  /** Sends what the attempt found and goes to the next start. */
  #decide(state: PartitionState, found: FoundRows): void {
    const { best, start } = state;
    const first = state.rows[start - state.base]!;
    let next = start + 1;
    if (best === null) {
      if (this.#stepper.learns) learnFailure(state);
      if (this.#options.unmatched && start >= state.matchedTo) found.unmatched(first);
    } else {
      if (this.#stepper.learns) forgetTries(state);
      const number = this.#options.numbersMatches ? ++state.matches : null;
      found.standardMatch({ path: best.path, start: first, number, rows: state });
      next = nextStart(this.#options.skip, best.path, start);
      state.matchedTo = Math.max(state.matchedTo, best.path === null ? next : best.path.row.sequence + 1);
    }
    state.start = next;
    state.begun = false;
    state.threads = [];
    state.best = null;
  }
}
