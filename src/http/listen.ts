import type { Server } from 'node:http';
import net from 'node:net';
import type { FastifyInstance } from 'fastify';
import { EngineError } from '../core/engine-error.ts';

export const DEFAULT_PORT = 8181;
/** The number of ports that are tried, beginning with the default port. */
const PORTS_TRIED = 20;
const TOKEN_CHARACTERS_MIN = 16;

/**
 * Throws CONFIG_USAGE for an address on a network without a token or with a guessable one.
 */
export function checkExposure(host: string, token: string | null): void {
  if (token === null && !isLoopback(host)) {
    throw new EngineError(
      'CONFIG_USAGE',
      `${host} can be reached from other machines: give a token (--token-file), or listen on 127.0.0.1`,
      { host },
    );
  }
  if (token !== null && !/^[\x21-\x7e]+$/.test(token)) {
    throw new EngineError('CONFIG_USAGE', 'the token must consist of printable ASCII characters without blanks', {});
  }
  if (token !== null && token.length < TOKEN_CHARACTERS_MIN) {
    throw new EngineError('CONFIG_USAGE', `the token has fewer than ${TOKEN_CHARACTERS_MIN} characters`, {});
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

/**
 * Listens and returns the address as a URL. Throws CONFIG_USAGE if an explicit port is in use.
 * Without an explicit port, uses the next free port.
 */
export async function listenOn(app: FastifyInstance, host: string, port: number | null): Promise<string> {
  const last = port ?? DEFAULT_PORT + PORTS_TRIED - 1;
  for (let candidate = port ?? DEFAULT_PORT; ; candidate++) {
    try {
      await app.listen({ host, port: candidate, listenTextResolver: () => 'listening' });
      const address = app.server.address() as net.AddressInfo;
      if (host === 'localhost') await listenOnOtherLoopback(app.server, address);
      return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code;
      if (code === 'EADDRINUSE' && candidate < last) continue;
      await app.close();
      if (code === undefined || code.startsWith('FST_')) throw cause;
      throw new EngineError('CONFIG_USAGE', refusal(code, host, port, last, cause), { host, port }, cause);
    }
  }
}

/**
 * Accepts connections on the loopback address of the other IP version too, because clients resolve
 * `localhost` to either. The connections belong to `server`, so that its limits apply to them. An
 * address that this machine lacks is left out.
 */
async function listenOnOtherLoopback(server: Server, { address, port }: net.AddressInfo): Promise<void> {
  const other = net.createServer({ pauseOnConnect: true }, (socket) => server.emit('connection', socket));
  server.once('close', () => other.close());
  await new Promise<void>((resolve) => {
    other.once('error', () => resolve());
    other.listen({ host: address === '::1' ? '127.0.0.1' : '::1', port }, resolve);
  });
}

function refusal(code: string | undefined, host: string, port: number | null, last: number, cause: unknown): string {
  if (code === 'EADDRINUSE') {
    return port === null
      ? `the ports ${DEFAULT_PORT} to ${last} of ${host} are all taken; choose one with --port`
      : `port ${port} of ${host} is taken; choose another with --port`;
  }
  if (code === 'EACCES') return `port ${port} of ${host} needs privileges that this process does not have`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `${host} is not an address of this machine`;
  return `cannot listen on ${host}: ${(cause as Error).message}`;
}
