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

  /** `ms` from now. An earlier time that was set is forgotten. */
  set(ms: number): void {
    this.clear();
    const pending = new AbortController();
    this.#pending = pending;
    void this.#clock.sleep(ms, pending.signal).then(() => {
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
