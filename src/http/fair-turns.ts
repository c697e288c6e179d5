import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** The time for which requests are begun before other events of the process get a turn. */
export const TURN_MS = 10;

/**
 * Lets other events run between requests that arrive together. Otherwise a health check that comes
 * after hundreds of them would wait until all have begun. A request waits for a turn twice: before
 * the handler begins it, and when its body has arrived, because the bodies of all requests can end
 * in the same turn of the event loop. `now`: monotonic milliseconds. `mustWait` returns true while
 * no request should begin in the next turns.
 */
export class FairTurns {
  readonly #now: () => number;
  readonly #turnMs: number;
  readonly #mustWait: () => boolean;
  readonly #waiting: (() => void)[] = [];
  /** When the first request of this turn began; null: none has begun. */
  #turnSince: number | null = null;
  #scheduled = false;

  constructor(now: () => number, turnMs: number = TURN_MS, mustWait: () => boolean = () => false) {
    this.#now = now;
    this.#mustWait = mustWait;
    this.#turnMs = turnMs;
  }

  /** Runs `work` now if this turn has time left, otherwise in one of the next turns. */
  run(work: () => void): void {
    if (this.#hasTime()) this.#begin(work);
    else {
      this.#waiting.push(work);
      this.#schedule();
    }
  }

  /** Resolves in a turn that has time. */
  wait(): Promise<void> {
    return new Promise((resolve) => this.run(resolve));
  }

  #hasTime(): boolean {
    if (this.#waiting.length > 0 || this.#mustWait()) return false;
    return this.#turnSince === null || this.#now() - this.#turnSince < this.#turnMs;
  }

  #begin(work: () => void): void {
    this.#turnSince ??= this.#now();
    work();
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#nextTurn());
  }

  // Most of a request runs after its handler has returned, before the next event. So a turn has one
  // of the waiting requests.
  #nextTurn(): void {
    this.#scheduled = false;
    this.#turnSince = null;
    if (this.#mustWait()) {
      this.#schedule();
      return;
    }
    const work = this.#waiting.shift();
    if (work !== undefined) this.#begin(work);
  }
}

/** Begins the requests of a server in turns. Health checks do not wait. */
export function inTurns(handler: RequestListener, turns: FairTurns): RequestListener {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/health') handler(request, response);
    else {
      turns.run(() => {
        if (!response.destroyed) handler(request, response);
      });
    }
  };
}
