import type { StateBackend } from '../state/state-backend.ts';

const EVERY_MS = 5000;

/**
 * The memory use of the back end. The request is asynchronous, so it is made periodically.
 */
export class BackendMemory {
  /** The value may be a few seconds old. */
  bytes = 0;
  readonly #backend: StateBackend;
  #next = 0;

  constructor(backend: StateBackend) {
    this.#backend = backend;
  }

  /** Call this often. */
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
