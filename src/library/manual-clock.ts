import { type Clock, systemClock } from '../core/clock.ts';

/**
 * A clock whose time changes only when the program advances it. Use it to test queries with
 * processing time. Only the time of day is manual. Intervals between checkpoints and time-outs
 * follow the real clock.
 */
export class ManualClock implements Clock {
  #now: number;

  /** `start`: milliseconds since 1970-01-01 UTC, or a Date. */
  constructor(start: number | Date = 0) {
    this.#now = Number(start);
  }

  now(): number {
    return this.#now;
  }

  /**
   * Moves the clock forward by `ms` milliseconds. `RunningProgram.advance` also waits
   * until the timers that are due have fired.
   */
  advance(ms: number): void {
    this.#now += ms;
  }

  monotonicMs(): number {
    return systemClock.monotonicMs();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal);
  }
}
