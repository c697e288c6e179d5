import { setImmediate as macrotask } from 'node:timers/promises';

/** Cooperative scheduling in the process. A simulation passes its own. */
export interface Scheduler {
  /** Lets all other ready work run first. */
  turn(): Promise<void>;
  /**
   * Calls `action` every `ms` until the returned function is called. Does not keep the process
   * alive.
   */
  every(ms: number, action: () => void): () => void;
  /**
   * Calls `action` once after `ms`, unless the returned function is called before. `idle`: the
   * timer does not keep the process alive.
   */
  after(ms: number, action: () => void, idle?: boolean): () => void;
}

export const systemScheduler: Scheduler = {
  turn: () => macrotask(),
  every(ms, action) {
    const timer = setInterval(action, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  after(ms, action, idle = false) {
    const timer = setTimeout(action, ms);
    if (idle) timer.unref();
    return () => clearTimeout(timer);
  },
};
