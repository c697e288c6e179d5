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
  let spentMs = 0;
  let scheduled = false;

  const begin = (request: () => void): void => {
    const since = now();
    request();
    spentMs += now() - since;
    schedule();
  };
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(nextTurn);
  };
  const nextTurn = (): void => {
    scheduled = false;
    spentMs = 0;
    do {
      const request = waiting.shift();
      if (request === undefined) return;
      begin(request);
    } while (spentMs < turnMs);
    schedule();
  };

  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.url === '/health') handler(request, response);
    else if (waiting.length === 0 && spentMs < turnMs) begin(() => handler(request, response));
    else {
      waiting.push(() => {
        if (!response.destroyed) handler(request, response);
      });
      schedule();
    }
  };
}
