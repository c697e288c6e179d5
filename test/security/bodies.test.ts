import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeService } from '../support/fake-service.ts';
import { postJson, send, sendRaw, startApp } from '../support/http-client.ts';

const PATH = '/v1/statements';

test('a body that is too large is refused, told or not', async () => {
  const service = new FakeService();
  await using app = await startApp(service);
  const told = await sendRaw(
    app.port,
    `POST ${PATH} HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-type: application/json\r\ncontent-length: 1073741824\r\n\r\n`,
    '{"sql":"',
  );
  assert.match(told, /^HTTP\/1\.1 413 [\s\S]*"HTTP_TOO_LARGE"/);
  const chunk = 'a'.repeat(64 * 1024);
  const streamed = await sendRaw(
    app.port,
    `POST ${PATH} HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n`,
    ...Array.from({ length: 20 }, () => `${chunk.length.toString(16)}\r\n${chunk}\r\n`),
    '0\r\n\r\n',
  );
  // The reply may be lost if the client continues writing. Only the fact that nothing was submitted
  // matters.
  if (streamed !== '') assert.match(streamed, /^HTTP\/1\.1 413 /);
  const fits = await postJson(app.port, PATH, { sql: 'x'.repeat(1_000_000) });
  assert.equal(fits.status, 200);
  assert.equal(service.asked.length, 1);
});

test('a request that comes too slowly is cut off', async () => {
  await using app = await startApp(new FakeService(), {
    limits: { headersTimeoutMs: 150, requestTimeoutMs: 300 },
  });
  const startedAt = performance.now();
  const [headers, body] = await Promise.all([
    sendRaw(app.port, 'GET /v1/jobs HTTP/1.1\r\nhost: lo'),
    sendRaw(
      app.port,
      `POST ${PATH} HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"sq`,
    ),
  ]);
  assert.match(headers, /^HTTP\/1\.1 408 /);
  assert.match(body, /^HTTP\/1\.1 408 [\s\S]*HTTP_TIMEOUT/);
  assert.ok(performance.now() - startedAt < 3_000);
});

test('connections beyond the bound are closed', async () => {
  await using app = await startApp(new FakeService(), { limits: { connections: 5 } });
  const sockets = Array.from({ length: 8 }, () => net.connect(app.port, '127.0.0.1'));
  let closed = 0;
  for (const socket of sockets) {
    socket.on('error', () => undefined);
    socket.on('close', () => closed++);
  }
  for (let i = 0; i < 200 && closed < 3; i++) await delay(5);
  assert.equal(closed, 3);
  for (const socket of sockets) socket.destroy();
});

test('a body that is not JSON by its content type is refused', async () => {
  const service = new FakeService();
  await using app = await startApp(service);
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'x',
    undefined,
  ]) {
    const headers = type === undefined ? {} : { 'content-type': type };
    const { status } = await send(app.port, 'POST', PATH, { headers, body: '{"sql":"SHOW JOBS"}' });
    assert.equal(status, 415, String(type));
  }
  assert.ok([400, 415].includes((await send(app.port, 'POST', PATH)).status));
  assert.deepEqual(service.asked, []);
});

test('JSON that is nested, poisoned, malformed or not UTF-8 is refused', async () => {
  const service = new FakeService();
  await using app = await startApp(service);
  const deep = (levels: number) => `{"sql":"x","settings":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const bodies: (string | Uint8Array)[] = [
    deep(64),
    deep(100_000),
    '{"sql":"x","__proto__":{"admin":true}}',
    '{"sql":"x","settings":{"__proto__":"y"}}',
    '{"sql":"x","\\u005f_proto__":{"admin":true}}',
    '{"sql":"x","constructor":{"prototype":{"admin":true}}}',
    '{"sql":"x"',
    '',
    'null',
    '[]',
    '{"sql":""}',
    '{"sql":1}',
    '{"sql":"x","more":1}',
    '{"sql":"x","settings":{"a":1}}',
    Buffer.from([0x7b, 0x22, 0x73, 0x71, 0x6c, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
  ];
  for (const body of bodies) {
    const answer = await send(app.port, 'POST', PATH, { headers: { 'content-type': 'application/json' }, body });
    assert.equal(answer.status, 400, String(body).slice(0, 80));
    assert.match(answer.text, /^\{"error":\{"code":"HTTP_BAD_REQUEST"/);
  }
  assert.deepEqual(service.asked, []);
  assert.equal(({} as { admin?: boolean }).admin, undefined);
  for (const [levels, says] of [
    [63, /settings/],
    [64, /nested deeper than 64 levels/],
    [400_000, /nested deeper than 64 levels/],
  ] as const) {
    assert.match((await postJson(app.port, PATH, deep(levels))).text, says);
  }
  // Brackets within a text are not nesting.
  assert.equal((await postJson(app.port, PATH, { sql: '['.repeat(1000) })).status, 200);
});

test('what is not HTTP is told so, and closed', async () => {
  await using app = await startApp(new FakeService());
  assert.match(await sendRaw(app.port, '\x16\x03\x01 hello\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*HTTP_BAD_REQUEST/);
  const headers = `GET / HTTP/1.1\r\nhost: localhost:${app.port}\r\n${`x: ${'y'.repeat(1000)}\r\n`.repeat(40)}\r\n`;
  assert.match(await sendRaw(app.port, headers), /^HTTP\/1\.1 431 /);
  const smuggled = `POST ${PATH} HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-type: application/json\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`;
  assert.match(await sendRaw(app.port, smuggled), /^HTTP\/1\.1 400 /);
});
