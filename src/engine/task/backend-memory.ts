import type { StateBackend } from '../state/state-backend.ts';

const EVERY_MS = 5000;

/**
 * What the back end has in memory. The answer has to be waited for, so it is asked for now and
 * then.
 */
export class BackendMemory {
  /** A few seconds ago. */
  bytes = 0;
  readonly #backend: StateBackend;
  #next = 0;

  constructor(backend: StateBackend) {
    this.#backend = backend;
  }

  /** To be called often. */
  sample(now: number): void {
    if (now < this.#next) return;
    this.#next = now + EVERY_MS;
    this.#backend.memoryBytes().then(
      (bytes) => {
        this.bytes = bytes;
      },
      () => {},
    );
  }
}
