import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ConnectionBudget } from './connection-budget.ts';
import { replyWithFailure } from './failure-replies.ts';
import type { FairTurns } from './fair-turns.ts';

/**
 * Answers only routes that are marked as reserved on a reserved connection. These connections exist
 * while all others are busy. Each closes after its reply, so that the next health check finds a
 * place.
 */
export function reserveHealth(
  app: FastifyInstance,
  budget: ConnectionBudget,
  discardMs: number,
  turns: FairTurns,
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!budget.isReserved(request.raw.socket)) return;
    reply.header('connection', 'close');
    if (request.routeOptions.config?.reserved === true) return;
    await discardBody(request.raw, discardMs);
    await turns.wait();
    reply.header('retry-after', '1');
    return replyWithFailure(reply, 'HTTP_BUSY', 'all connections of the service are in use');
  });
}

/**
 * Reads the rest of a request and drops it, for a limited time. If a connection is closed while
 * bytes of the client are unread, the client loses the reply.
 */
async function discardBody(request: IncomingMessage, ms: number): Promise<void> {
  if (request.complete) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms).unref();
    request.once('close', resolve).once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    request.resume();
  });
}
