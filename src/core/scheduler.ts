import { setImmediate as macrotask } from 'node:timers/promises';

/** How work in the process takes turns: a simulation passes its own. */
export interface Scheduler {
  /** Lets everything else that is ready go on first. */
  turn(): Promise<void>;
  /**
   * Calls `action` every `ms` until the function that it gives is called. Does not keep the process
   * alive.
   */
  every(ms: number, action: () => void): () => void;
}

export const systemScheduler: Scheduler = {
  turn: () => macrotask(),
  every(ms, action) {
    const timer = setInterval(action, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
};
