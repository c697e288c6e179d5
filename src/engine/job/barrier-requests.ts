import type { EngineError } from '../../core/engine-error.ts';
import type { SavepointMark } from '../checkpoint/manifest.ts';

interface Request {
  readonly savepoint: SavepointMark | null;
  readonly resolve: () => void;
  readonly reject: (error: EngineError) => void;
}

/**
 * Pending requests for a checkpoint. One barrier serves all of them, but makes at most one
 * savepoint: the others wait for the next.
 */
export class BarrierRequests {
  #waiting: Request[] = [];

  get any(): boolean {
    return this.#waiting.length > 0;
  }

  /** Resolves when the checkpoint is durable and committed. */
  ask(savepoint: SavepointMark | null): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ savepoint, resolve, reject });
    });
  }

  /**
   * Takes the requests that the next barrier serves, with its savepoint. `own`: the barrier is a
   * savepoint already, and serves no other savepoint.
   */
  take(own: SavepointMark | null): { readonly savepoint: SavepointMark | null; readonly served: readonly Request[] } {
    const first = own === null ? this.#waiting.find((r) => r.savepoint !== null) : undefined;
    const served = this.#waiting.filter((r) => r.savepoint === null || r === first);
    this.#waiting = this.#waiting.filter((r) => !served.includes(r));
    return { savepoint: own ?? first?.savepoint ?? null, served };
  }

  rejectAll(error: EngineError): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
