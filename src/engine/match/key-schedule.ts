import type { KeyedTable } from '../state/state-store.ts';
import type { TimerKind } from '../timers/timer-chunk.ts';
import { END_OF_INPUT } from './matcher.ts';
import type { KeyRecord } from './partial-match.ts';

/**
 * If a bound emits nothing at its exact time, keys are checked in steps of this fraction of it.
 */
const CLEANUP_STEPS = 32;

/** The matcher's information about the state of a key (`Matcher`). */
interface StateBounds<State> {
  nextDeadline(state: State): number;
  holdsBack(state: State): boolean;
  beganAtTimeZero(state: State): boolean;
}

/** The list of timers (`KeyTimers`). */
interface TimerList {
  add(time: number, kind: TimerKind, states: ScheduledStates, slot: number): void;
}
type ScheduledStates = Pick<KeyedTable, 'touch' | 'writeKey'>;

export interface ScheduleOptions {
  /** WITHIN; null = none. */
  readonly withinMs: number | null;
  /** The scale of the pattern's bounds. It decides the precision of the clean-up. */
  readonly scaleMs: number;
  /**
   * A partial match that reaches its bound may emit a row: absence at the end of the pattern,
   * time-out rows.
   */
  readonly hasPending: boolean;
}

/**
 * Sets timers, so that a key is checked when a bound of its partial matches passes without another
 * row.
 */
export class KeySchedule<State extends KeyRecord> {
  readonly #matcher: StateBounds<State>;
  readonly #states: ScheduledStates;
  readonly #timers: TimerList;
  readonly #options: ScheduleOptions;
  readonly #cleanupStepMs: number;
  /**
   * The keys in which a row after 1970-01-01 has started a partial match since the last watermark.
   */
  readonly #started = new Set<number>();

  constructor(matcher: StateBounds<State>, states: ScheduledStates, timers: TimerList, options: ScheduleOptions) {
    this.#matcher = matcher;
    this.#states = states;
    this.#timers = timers;
    this.#options = options;
    this.#cleanupStepMs = Math.max(1, Math.ceil(options.scaleMs / CLEANUP_STEPS));
  }

  /**
   * Sets a timer at the exact time of the key's next bound if a row may be emitted then; otherwise
   * some time later, to drop its state. One timer of each kind is enough, because firing it calls
   * this again.
   */
  schedule(slot: number, state: State, now: number): void {
    const { hasPending } = this.#options;
    const next = this.#matcher.nextDeadline(state);
    if (next === Number.POSITIVE_INFINITY) return;
    if (next === END_OF_INPUT) {
      // one timer for each key, whose state is kept from then on, because timers cannot be
      // cancelled
      if (state.awaitsEnd === true) return;
      this.#states.touch(slot);
      state.awaitsEnd = true;
      this.#timers.add(next, 'exact', this.#states, slot);
      return;
    }
    const held = this.#matcher.holdsBack(state);
    if (held && !hasPending && this.#matcher.beganAtTimeZero(state)) return;
    if (held || hasPending) {
      if (state.exactDeadline > now && state.exactDeadline <= next) return;
      this.#states.touch(slot);
      state.exactDeadline = next;
      this.#timers.add(next, 'exact', this.#states, slot);
    } else if (state.cleanupDeadline <= now) {
      this.#states.touch(slot);
      state.cleanupDeadline = (Math.floor(Math.max(next, now) / this.#cleanupStepMs) + 1) * this.#cleanupStepMs;
      this.#timers.add(state.cleanupDeadline, 'cleanup', this.#states, slot);
    }
  }

  /**
   * Sets the timers that Flink sets while there is a partial match that starts at 1970-01-01 00:00
   * or before: the bound after each row since a start in the same watermark. Flink sets no timer
   * for such a partial match. It expires only when another timer of its key fires.
   */
  setTimersForTimeZero(slot: number, time: number, rowStarted: boolean): void {
    if (rowStarted) this.#started.add(slot);
    const { withinMs } = this.#options;
    if (withinMs === null || !this.#started.has(slot)) return;
    this.#timers.add(time + withinMs, 'exact', this.#states, slot);
  }

  /** Resets the starts at a watermark. */
  watermark(): void {
    if (this.#started.size > 0) this.#started.clear();
  }
}
