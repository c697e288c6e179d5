import os from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { replyWithFailure } from './failure-replies.ts';

/**
 * Refuses requests of web pages of other origins. Loopback does not protect against such pages:
 * they can send requests to loopback, and read the replies by DNS rebinding. So a request must name
 * this service with its port in the Host header, and must not come from a page of another origin.
 * There is no CORS.
 */
export function guardOrigin(app: FastifyInstance, boundHost: string, allowedHosts: readonly string[]): void {
  const names = ['localhost', '127.0.0.1', '[::1]', bracketed(boundHost)];
  // A wildcard address accepts all addresses of the machine: the header is compared with the
  // address of the connection.
  if (boundHost === '0.0.0.0' || boundHost === '::') names.push(os.hostname());
  const known = new Set(names.map((name) => name.toLowerCase()));
  const further = new Set(allowedHosts.map((host) => host.toLowerCase()));

  app.addHook('onRequest', async (request, reply) => {
    const host = request.headers.host?.toLowerCase();
    if (host === undefined || !(further.has(host) || isOwnHost(host, known, request))) {
      return replyWithFailure(
        reply,
        'HTTP_FORBIDDEN',
        'the Host header does not name this service; a name that a proxy uses must be allowed when the service is started',
      );
    }
    const { origin } = request.headers;
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
      return replyWithFailure(reply, 'HTTP_FORBIDDEN', 'requests from pages of another origin are refused');
    }
    const site = request.headers['sec-fetch-site'];
    if ((site === 'cross-site' || site === 'same-site') && request.routeOptions.config?.linkable !== true) {
      return replyWithFailure(reply, 'HTTP_FORBIDDEN', 'requests from pages of another origin are refused');
    }
  });
}

function isOwnHost(host: string, known: ReadonlySet<string>, request: FastifyRequest): boolean {
  const { localPort, localAddress } = request.raw.socket;
  const suffix = `:${localPort}`;
  // Browsers omit the default port of the scheme.
  const name = host.endsWith(suffix) ? host.slice(0, -suffix.length) : localPort === 80 ? host : null;
  if (name === null) return false;
  return known.has(name) || (localAddress !== undefined && name === bracketed(localAddress.replace(/^::ffff:/, '')));
}

const bracketed = (address: string): string => (address.includes(':') ? `[${address}]` : address);
