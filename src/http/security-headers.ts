import type { FastifyInstance } from 'fastify';

/** The page loads nothing from other origins, runs no inline code, and cannot be framed. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cache-control': 'no-store',
};

/**
 * Sets the headers on every reply, including errors. Drops a reply that its client does not read.
 */
export function sendSecurityHeaders(app: FastifyInstance, idleAnswerTimeoutMs: number): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  app.addHook('onSend', async (_request, reply) => {
    reply.raw.setTimeout(idleAnswerTimeoutMs, () => reply.raw.destroy());
  });
}
