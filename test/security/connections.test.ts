import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeService } from '../support/fake-service.ts';
import { send, startApp } from '../support/http-client.ts';

/** Opens connections and writes `text` on each. */
async function open(port: number, count: number, text = '', host = '127.0.0.1'): Promise<net.Socket[]> {
  const sockets = Array.from({ length: count }, () => {
    const socket = net.connect(port, host);
    socket.on('error', () => undefined);
    socket.resume();
    if (text !== '') socket.write(text);
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  return sockets;
}

/** Requests /health 100 times. Each reply must arrive in time. */
async function healthIsAnswered(port: number): Promise<void> {
  const late: string[] = [];
  // This process also opens the connections and serves their requests, which takes time itself.
  assert.equal((await send(port, 'GET', '/health')).status, 200);
  for (let i = 0; i < 100; i++) {
    const since = performance.now();
    const cpu = process.threadCpuUsage();
    const { status } = await send(port, 'GET', '/health');
    assert.equal(status, 200, `health ${i}`);
    const ms = performance.now() - since;
    const { user, system } = process.threadCpuUsage(cpu);
    // The time during which other processes had the cores does not count.
    const busyMs = (user + system) / 1000;
    if (Math.min(ms, busyMs) > HEALTH_MS) late.push(`${ms.toFixed(0)} ms, busy ${busyMs.toFixed(0)} ms`);
  }
  assert.deepEqual(late, []);
}

/** Waits until `count` of the connections are closed. */
async function closed(sockets: readonly net.Socket[], count: number): Promise<void> {
  for (let i = 0; i < 1000 && sockets.filter((socket) => socket.closed).length < count; i++) await delay(10);
}

const HEALTH_MS = 100;
const close = (sockets: readonly net.Socket[]): void => {
  for (const socket of sockets) socket.destroy();
};
const halfBody = (port: number): string =>
  `POST /v1/statements HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{`;

test('/health is answered beside 300 connections that never send a request', async () => {
  await using app = await startApp(new FakeService());
  const sockets = await open(app.port, 300);
  await healthIsAnswered(app.port);
  close(sockets);
});

test('/health is answered beside 300 connections that wait between two requests', async () => {
  await using app = await startApp(new FakeService(), { limits: { keepAliveTimeoutMs: 60_000 } });
  const sockets = await open(app.port, 300, `GET /v1/jobs HTTP/1.1\r\nhost: localhost:${app.port}\r\n\r\n`);
  await healthIsAnswered(app.port);
  close(sockets);
});

test('/health is answered beside 300 connections with half of the headers', async () => {
  await using app = await startApp(new FakeService());
  const sockets = await open(app.port, 300, 'GET /v1/jobs HTTP/1.1\r\nhost: lo');
  await healthIsAnswered(app.port);
  close(sockets);
});

test('/health is answered while all connections are busy; other requests are told to wait', async () => {
  await using app = await startApp(new FakeService());
  const sockets = await open(app.port, 300, halfBody(app.port));
  await closed(sockets, 300 - 256);
  await healthIsAnswered(app.port);
  const other = await send(app.port, 'GET', '/v1/jobs');
  assert.equal(other.status, 503);
  assert.equal(other.headers['retry-after'], '1');
  assert.match(other.text, /"HTTP_BUSY"/);
  close(sockets);
  const since = performance.now();
  while ((await send(app.port, 'GET', '/v1/jobs')).status !== 200) assert.ok(performance.now() - since < 10_000);
});

test('the number of connections is bounded, and a busy one is never closed for a new one', async () => {
  await using app = await startApp(new FakeService(), { limits: { connections: 4, reservedConnections: 2 } });
  const sent = await open(app.port, 5, halfBody(app.port));
  await closed(sent, 1);
  const busy = sent.filter((socket) => !socket.closed);
  const quiet = await open(app.port, 10);
  await closed(quiet, 8);
  await delay(50);
  assert.equal(quiet.filter((socket) => !socket.closed).length, 2);
  assert.ok(busy.every((socket) => !socket.closed));
  close([...busy, ...quiet]);
});

test('a connection without a request, and one that waits for the next, are closed after a time', async () => {
  await using app = await startApp(new FakeService(), { limits: { headersTimeoutMs: 100, keepAliveTimeoutMs: 100 } });
  const mute = await open(app.port, 3);
  const idle = await open(app.port, 3, `GET /health HTTP/1.1\r\nhost: localhost:${app.port}\r\n\r\n`);
  for (let i = 0; i < 600 && ![...mute, ...idle].every((socket) => socket.closed); i++) await delay(5);
  assert.ok(mute.every((socket) => socket.closed));
  assert.ok(idle.every((socket) => socket.closed));
});

test('localhost is served on both loopback addresses, with one budget', async () => {
  await using app = await startApp(new FakeService(), { host: 'localhost', limits: { connections: 4 } });
  const version6 = await open(app.port, 1, '', '::1').catch(() => []);
  const sockets = [...version6, ...(await open(app.port, 8))];
  await closed(sockets, sockets.length - 4);
  assert.equal(sockets.filter((socket) => !socket.closed).length, 4);
  close(sockets);
});
