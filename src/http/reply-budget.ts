import type { FastifyInstance } from 'fastify';
import { ERROR_CODES } from '../core/error-codes.ts';
import { FAILURE_TYPE, failureText } from './failure-replies.ts';

/** Smaller replies always pass, so that health checks and refusals are never refused. */
const SMALL_CHARACTERS = 16 * 1024;

/**
 * Bounds the memory of replies that their clients have not read yet. A reply that would exceed the
 * bound is replaced by a refusal (503). `characters`: the length of all these replies together. One
 * reply alone may be longer.
 */
export function boundReplies(app: FastifyInstance, characters: number): void {
  let unread = 0;
  app.addHook('onSend', async (_request, reply, payload) => {
    const length = typeof payload === 'string' || payload instanceof Uint8Array ? payload.length : 0;
    if (length <= SMALL_CHARACTERS) return payload;
    if (unread > 0 && unread + length > characters) {
      reply.code(ERROR_CODES.HTTP_BUSY.http).header('retry-after', '1').type(FAILURE_TYPE);
      return failureText('HTTP_BUSY', 'too many large replies are on their way to clients that read them slowly');
    }
    unread += length;
    reply.raw.once('close', () => {
      unread -= length;
    });
    return payload;
  });
}
