import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

/** The time for which the handler begins requests before other events of the process get a turn. */
const TURN_MS = 10;

/**
 * Lets other events run between requests that arrive together. Otherwise a health check that comes
 * after hundreds of them would wait until the handler has begun all. Health checks do not wait.
 * `now`: monotonic milliseconds.
 */
export function inTurns(handler: RequestListener, now: () => number, turnMs: number = TURN_MS): RequestListener {
  const waiting: (() => void)[] = [];
  /** When the first request of this turn began; null: none has begun. */
  let turnSince: number | null = null;
  let scheduled = false;

  const begin = (request: () => void): void => {
    turnSince ??= now();
    request();
    schedule();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(nextTurn);
  };
  // Most of a request runs after its handler has returned, before the next event. So a turn has one
  // of the waiting requests.
  const nextTurn = (): void => {
    scheduled = false;
    turnSince = null;
    const request = waiting.shift();
    if (request === undefined) return;
    begin(request);
  };
  const hasTime = (): boolean => waiting.length === 0 && (turnSince === null || now() - turnSince < turnMs);

  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/health') handler(request, response);
    else if (hasTime()) begin(() => handler(request, response));
    else {
      waiting.push(() => {
        if (!response.destroyed) handler(request, response);
      });
      schedule();
    }
  };
}
