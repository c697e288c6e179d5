import type { FastifyInstance } from 'fastify';
import type { ConnectionBudget } from './connection-budget.ts';
import { replyWithFailure } from './failure-replies.ts';

/**
 * Answers only routes that are marked as reserved on a reserved connection. These connections exist
 * while all others are busy. Each closes after its reply, so that the next health check finds a
 * place.
 */
export function reserveHealth(app: FastifyInstance, budget: ConnectionBudget): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!budget.isReserved(request.raw.socket)) return;
    reply.header('connection', 'close');
    if (request.routeOptions.config?.reserved === true) return;
    reply.header('retry-after', '1');
    return replyWithFailure(reply, 'HTTP_BUSY', 'all connections of the service are in use');
  });
}
