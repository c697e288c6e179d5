import type { EngineError } from '../../core/engine-error.ts';

/**
 * Questions to a running task. The task answers them between two batches, so they read a consistent
 * state.
 */
export class Questions {
  readonly #notRunning: () => EngineError;
  #waiting: { readonly answer: () => Promise<void>; readonly reject: (error: EngineError) => void }[] = [];
  #closed = false;

  constructor(notRunning: () => EngineError) {
    this.#notRunning = notRunning;
  }

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** Runs `look` between two batches. It must not change state. Rejects if the task ends first. */
  ask<T>(look: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(this.#notRunning());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ answer: () => look().then(resolve, reject), reject });
    });
  }

  async answer(): Promise<void> {
    for (const { answer } of this.#waiting.splice(0)) await answer();
  }

  close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#notRunning());
  }
}
