import type { Clock } from '../../src/core/clock.ts';

interface Timer {
  readonly at: number;
  readonly resolve: () => void;
}

/** A clock whose time a test moves. */
export class ManualClock implements Clock {
  #ms = Date.UTC(2026, 0, 1);
  #timers: Timer[] = [];

  now(): number {
    return this.#ms;
  }

  monotonicMs(): number {
    return this.#ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) {
        resolve();
        return;
      }
      const timer = { at: this.#ms + ms, resolve };
      this.#timers.push(timer);
      signal?.addEventListener('abort', () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
        resolve();
      });
    });
  }

  /** Moves time step by step. After each step, lets all promises that can continue do so. */
  async advance(ms: number): Promise<void> {
    const end = this.#ms + ms;
    await settled();
    for (;;) {
      const next = this.#timers.reduce<Timer | null>((a, b) => (a === null || b.at < a.at ? b : a), null);
      if (next === null || next.at > end) break;
      this.#ms = Math.max(this.#ms, next.at);
      this.#timers = this.#timers.filter((each) => each !== next);
      next.resolve();
      await settled();
    }
    this.#ms = end;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}
