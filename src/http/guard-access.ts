import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../core/clock.ts';
import { FailedAttempts } from './failed-attempts.ts';
import { replyWithFailure } from './failure-replies.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The request carries the token, or none is set. */
    trusted: boolean;
  }
}

/**
 * Requires the bearer token, if one is set, on every route that is not marked open. An open route
 * sees in `request.trusted` whether the request had it.
 *
 * The right token is always accepted: several clients can share one address, and the mistakes of
 * one must not lock out the others. Further wrong tokens of an address beyond a burst are refused
 * with 429, and their connection is closed, so that each further guess needs a new connection. The
 * length of the token prevents guessing (`listen.ts`), not the counter.
 */
export function guardAccess(app: FastifyInstance, token: string | null, clock: Clock): void {
  app.decorateRequest('trusted', token === null);
  if (token === null) return;
  const isToken = tokenCheck(token);
  const attempts = new FailedAttempts(clock);
  app.addHook('onRequest', async (request, reply) => {
    const given = bearerToken(request.headers.authorization);
    request.trusted = given !== null && isToken(given);
    if (request.trusted) return;
    if (given === null) {
      if (request.routeOptions.config?.open === true) return;
      reply.header('www-authenticate', 'Bearer');
      return replyWithFailure(reply, 'HTTP_UNAUTHORIZED', 'this needs the header Authorization: Bearer <token>');
    }
    const waitSeconds = attempts.waitSeconds(request.ip);
    if (waitSeconds === 0) attempts.failed(request.ip);
    if (request.routeOptions.config?.open === true) return;
    if (waitSeconds > 0) {
      reply.header('retry-after', String(waitSeconds)).header('connection', 'close');
      return replyWithFailure(reply, 'HTTP_TOO_MANY', 'too many requests with a wrong token from this address');
    }
    reply.header('www-authenticate', 'Bearer');
    return replyWithFailure(reply, 'HTTP_UNAUTHORIZED', 'the token is wrong');
  });
}

/** Compares digests, so that the time reveals neither the token nor its length. */
function tokenCheck(token: string): (given: string) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(token);
  return (given) => timingSafeEqual(digest(given), expected);
}

function bearerToken(header: string | undefined): string | null {
  return /^Bearer ([\x21-\x7e]+)$/i.exec(header ?? '')?.[1] ?? null;
}
