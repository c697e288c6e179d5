import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeService } from '../support/fake-service.ts';
import { postJson, send, startApp } from '../support/http-client.ts';

/** Longer than what the kernel buffers for a connection. */
const LONG = 'x'.repeat(12_000_000);

test('unread large replies have a common limit; small replies pass', async () => {
  const service = new FakeService();
  service.answer = { statements: [{ kind: 'rows', columns: ['result'], rows: [[LONG]] }], warnings: [] };
  await using app = await startApp(service, { limits: { unreadReplyCharacters: 30_000_000 } });
  const body = '{"sql":"EXPLAIN SELECT 1"}';
  const mute: net.Socket[] = [];
  for (let i = 0; i < 2; i++) {
    const socket = net.connect(app.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    socket.pause();
    socket.write(
      `POST /v1/statements HTTP/1.1\r\nhost: localhost:${app.port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    mute.push(socket);
  }
  while (service.asked.length < 2) await delay(5);
  await delay(50);
  const refused = await postJson(app.port, '/v1/statements', body);
  assert.equal(refused.status, 503);
  assert.equal(refused.headers['retry-after'], '1');
  assert.match(refused.text, /"HTTP_BUSY"/);
  assert.equal((await send(app.port, 'GET', '/health')).status, 200);
  for (const socket of mute) socket.destroy();
  await delay(50);
  assert.equal((await postJson(app.port, '/v1/statements', body)).status, 200);
});

test('submissions in progress are bounded', async () => {
  const service = new FakeService();
  const gate = Promise.withResolvers<void>();
  service.submit = async () => {
    await gate.promise;
    return { statements: [], warnings: [] };
  };
  await using app = await startApp(service, { limits: { submissions: 2 } });
  const submit = () => postJson(app.port, '/v1/statements', { sql: 'SHOW JOBS' });
  const first = [submit(), submit(), submit()];
  const refused = await Promise.race(first);
  assert.equal(refused.status, 503);
  assert.match(refused.text, /"HTTP_BUSY"/);
  assert.equal((await send(app.port, 'GET', '/health')).status, 200);
  gate.resolve();
  const statuses = (await Promise.all(first)).map(({ status }) => status);
  assert.deepEqual(statuses.sort(), [200, 200, 503]);
  assert.equal((await submit()).status, 200);
});
