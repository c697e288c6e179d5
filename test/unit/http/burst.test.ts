/** Many requests that arrive together. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type http from 'node:http';
import type { Socket } from 'node:net';
import { it } from 'node:test';
import Fastify from 'fastify';
import { ConnectionBudget } from '../../../src/http/connection-budget.ts';
import { FairTurns, inTurns } from '../../../src/http/fair-turns.ts';
import { readJsonBodies } from '../../../src/http/json-bodies.ts';
import { FakeService } from '../../support/fake-service.ts';
import { postJson, startApp } from '../../support/http-client.ts';

const monotonicMs = (): number => performance.now();
const request = (url: string): http.IncomingMessage => ({ url }) as http.IncomingMessage;
const response = (): http.ServerResponse => ({ destroyed: false }) as http.ServerResponse;

it('lets other events run after some milliseconds, and health checks at once, in the order of arrival', async () => {
  const begun: string[] = [];
  const handle = inTurns(({ url }) => {
    begun.push(url!);
    const until = performance.now() + 2;
    while (performance.now() < until);
  }, new FairTurns(monotonicMs, 4));
  for (let i = 0; i < 12; i++) handle(request(`/${i}`), response());
  assert.ok(begun.length <= 2, `${begun.length} requests begun in one turn`);
  handle(request('/health'), response());
  assert.equal(begun.at(-1), '/health');
  for (let turn = 0; turn < 12; turn++) {
    const before = begun.length;
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(begun.length - before <= 4, `${begun.length - before} requests in one turn`);
  }
  assert.deepEqual(
    begun.filter((url) => url !== '/health'),
    Array.from({ length: 12 }, (_, i) => `/${i}`),
  );
});

it('does not begin a request whose connection is closed meanwhile', async () => {
  const begun: string[] = [];
  const handle = inTurns(({ url }) => begun.push(url!), new FairTurns(monotonicMs, 0));
  const gone = response();
  handle(request('/a'), response());
  handle(request('/b'), gone);
  handle(request('/c'), response());
  gone.destroyed = true;
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(begun, ['/a', '/c']);
});

it('parses bodies that have arrived together in different turns', async () => {
  const turns = new FairTurns(monotonicMs, 0);
  await using app = Fastify();
  readJsonBodies(app, 10, turns);
  const parsed: number[] = [];
  let turn = 0;
  const count = (): void => {
    turn++;
    if (parsed.length < 3) setImmediate(count);
  };
  app.post('/', (_, reply) => {
    parsed.push(turn);
    void reply.send('');
  });
  await app.ready();
  setImmediate(count);
  await Promise.all(
    Array.from({ length: 3 }, () => app.inject({ method: 'POST', url: '/', payload: { sql: 'SELECT 1' } })),
  );
  assert.equal(new Set(parsed).size, 3, `parsed in turns ${parsed}`);
});

it('does not close connections whose first request may be on its way', () => {
  let now = 0;
  const limits = { connections: 3, reservedConnections: 2, arrivalMs: 1000 };
  const budget = new ConnectionBudget(limits, () => now);
  const server = new EventEmitter();
  budget.watch(server as http.Server);
  const connect = (): Socket => {
    const socket = Object.assign(new EventEmitter(), {
      destroyed: false,
      destroy: () => {
        socket.destroyed = true;
      },
    });
    server.emit('connection', socket);
    return socket as unknown as Socket;
  };
  const together = Array.from({ length: 6 }, connect);
  assert.deepEqual(
    together.map((socket) => (socket.destroyed ? 'closed' : budget.isReserved(socket) ? 'reserved' : 'place')),
    ['place', 'place', 'place', 'closed', 'reserved', 'reserved'],
  );
  now = 2000;
  const later = connect();
  assert.ok(together[0]!.destroyed);
  assert.ok(!later.destroyed && !budget.isReserved(later));
});

it('refuses 400 submissions at once with 503, and loses none', async () => {
  await using app = await startApp(new FakeService(), { limits: { submissions: 0 } });
  const sql = `SELECT '${'x'.repeat(100_000)}'`;
  const statuses = await Promise.all(
    Array.from({ length: 400 }, () => postJson(app.port, '/v1/statements', { sql }).then(({ status }) => status)),
  );
  assert.deepEqual([...new Set(statuses)], [503]);
});
