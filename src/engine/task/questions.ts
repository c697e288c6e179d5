import type { EngineError } from '../../core/engine-error.ts';

/**
 * Looks into a task that are taken while no batch is on its way, so that each sees state between
 * two batches.
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

  /** `look` must change nothing. Rejects when the task ends before. */
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
