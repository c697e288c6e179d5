import type { Clock } from './clock.ts';

/** Calls an action once, some time after it was set last. */
export class Alarm {
  readonly #clock: Clock;
  readonly #action: () => void;
  #pending: AbortController | null = null;

  constructor(clock: Clock, action: () => void) {
    this.#clock = clock;
    this.#action = action;
  }

  /**
   * Sets the alarm to `ms` from now. Forgets an earlier time. A time in the past, which has passed
   * since the caller looked at the clock, is now.
   */
  set(ms: number): void {
    this.clear();
    const pending = new AbortController();
    this.#pending = pending;
    void this.#clock.sleep(Math.max(0, ms), pending.signal).then(() => {
      if (this.#pending !== pending) return;
      this.#pending = null;
      this.#action();
    });
  }

  clear(): void {
    this.#pending?.abort();
    this.#pending = null;
  }
}
