import http from 'node:http';
import type { ConnectionBudget } from './connection-budget.ts';
import type { ConnectionTurns } from './connection-turns.ts';
import { type FairTurns, inTurns } from './fair-turns.ts';
import type { HttpLimits } from './http-limits.ts';

/**
 * Creates the server of an application, with its time limits, its budget of connections and the
 * turns of its connections and requests.
 */
export function createServer(
  handler: http.RequestListener,
  limits: HttpLimits,
  budget: ConnectionBudget,
  turns: FairTurns,
  connections: ConnectionTurns,
): http.Server {
  const server = http.createServer({
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.requestTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs),
  });
  // The budget listens first: the application may answer a request in the same turn.
  budget.watch(server);
  server.on('request', inTurns(handler, turns));
  connections.watch(server);
  return server;
}
