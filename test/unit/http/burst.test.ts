/** Many requests that arrive together. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type http from 'node:http';
import type { Socket } from 'node:net';
import { it } from 'node:test';
import Fastify from 'fastify';
import { ConnectionBudget } from '../../../src/http/connection-budget.ts';
import { ConnectionTurns } from '../../../src/http/connection-turns.ts';
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

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const connection = (): Socket => Object.assign(new EventEmitter(), { destroyed: false }) as unknown as Socket;

it('reads a connection at once, and the connections of a burst afterwards, newest and oldest first', async () => {
  let now = 0;
  const turns = new ConnectionTurns(() => now);
  const admitted: number[] = [];
  const sockets: Socket[] = [];
  const arrive = (i: number): void => {
    sockets[i] = connection();
    turns.add(sockets[i], () => admitted.push(i));
  };
  arrive(0);
  assert.deepEqual(admitted, [0], 'the first connection is read at once');
  for (let i = 1; i <= 30; i++) {
    await nextTurn();
    arrive(i);
  }
  assert.deepEqual(admitted, [0], 'no other connection is read during the burst');
  assert.equal(turns.isBurst, true);
  (sockets[1] as { destroyed: boolean }).destroyed = true;
  await nextTurn();
  await nextTurn();
  assert.deepEqual(
    admitted.slice(1),
    [30, 29, 2, 28, 3, 27, 4],
    'eight of them in one turn; the closed one is left out',
  );
  assert.equal(turns.isBurst, false);
  for (let turn = 0; turn < 5; turn++) await nextTurn();
  assert.equal(admitted.length, 30);
  arrive(31);
  assert.equal(admitted.at(-1), 31);
  // A burst that goes on for longer than 200 ms does not stop the others.
  for (let i = 32; i < 42; i++) {
    await nextTurn();
    arrive(i);
    now += 40;
  }
  assert.ok(admitted.length >= 36, `${admitted.length} of 42 are read`);
});

it('bounds the connections that wait', async () => {
  const turns = new ConnectionTurns(() => 0);
  let admitted = 0;
  for (let i = 0; i < 400; i++) turns.add(connection(), () => admitted++);
  assert.equal(admitted, 400 - 256);
});

it('does not begin a request during a burst of connections', async () => {
  const begun: string[] = [];
  let isBurst = true;
  const turns = new FairTurns(monotonicMs, 10, () => isBurst);
  const handle = inTurns(({ url }) => begun.push(url!), turns);
  handle(request('/a'), response());
  handle(request('/health'), response());
  for (let turn = 0; turn < 3; turn++) await nextTurn();
  assert.deepEqual(begun, ['/health']);
  isBurst = false;
  for (let turn = 0; turn < 3; turn++) await nextTurn();
  assert.deepEqual(begun, ['/health', '/a']);
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
