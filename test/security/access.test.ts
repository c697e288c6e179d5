import assert from 'node:assert/strict';
import net from 'node:net';
import { test } from 'node:test';
import { createApp } from '../../src/http/app.ts';
import { FakeService } from '../support/fake-service.ts';
import { postJson, send, silentLog, startApp } from '../support/http-client.ts';

const TOKEN = 'correct-horse-battery-staple-1234';
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

const refused = (host: string, token: string | null) =>
  assert.rejects(createApp(new FakeService(), { host, port: 0, token, log: silentLog }), { code: 'CONFIG_USAGE' });

test('an address other than loopback needs a token that cannot be guessed', async () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) await refused(host, null);
  await refused('0.0.0.0', '');
  await refused('0.0.0.0', 'short');
  await refused('127.0.0.1', 'with a blank in it, and long');
  await using app = await startApp(new FakeService(), { host: '0.0.0.0', token: TOKEN });
  assert.equal((await send(app.port, 'GET', '/v1/jobs')).status, 401);
  assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(TOKEN))).status, 200);
});

test('an explicit port that is in use is refused; otherwise the next free port is used', async () => {
  const holder = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => holder.once('listening', resolve));
  const { port } = holder.address() as net.AddressInfo;
  await assert.rejects(createApp(new FakeService(), { host: '127.0.0.1', port, token: null, log: silentLog }), {
    code: 'CONFIG_USAGE',
    message: `port ${port} of 127.0.0.1 is taken; choose another with --port`,
  });
  holder.close();
  await using first = await startApp(new FakeService(), { port: null });
  await using second = await startApp(new FakeService(), { port: null });
  assert.ok(first.port >= 8181 && second.port > first.port);
});

test('everything except the page and the status of /health needs the token', async () => {
  const service = new FakeService();
  await using app = await startApp(service, { token: TOKEN });
  for (const path of [
    '/v1/jobs',
    '/v1/rows',
    '/v1/patterns',
    '/metrics',
    '/openapi.json',
    '/v1/jobs/x/results',
    '/no',
  ]) {
    const answer = await send(app.port, 'GET', path);
    assert.equal(answer.status, 401, path);
    assert.equal(answer.headers['www-authenticate'], 'Bearer');
  }
  assert.equal((await postJson(app.port, '/v1/statements', { sql: 'SHOW JOBS' })).status, 401);
  for (const header of [
    TOKEN,
    `Basic ${TOKEN}`,
    'Bearer',
    `Bearer  ${TOKEN}`,
    `Bearer ${TOKEN} x`,
    `Bearer ${TOKEN}x`,
  ]) {
    const { status } = await send(app.port, 'GET', '/v1/jobs', { headers: { authorization: header } });
    assert.equal(status, 401, header);
  }
  assert.equal((await send(app.port, 'GET', `/v1/jobs?token=${TOKEN}`)).status, 401);
  assert.deepEqual(service.asked, []);

  assert.equal((await send(app.port, 'GET', '/')).status, 200);
  assert.equal((await send(app.port, 'GET', '/health')).text, '{"status":"ok"}');
  assert.match((await send(app.port, 'GET', '/health', bearer(TOKEN))).text, /"uptimeMs"/);
  assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(TOKEN))).status, 200);
});

test('guesses of the token are slowed down for a limited time', async () => {
  let now = 0;
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => undefined };
  await using app = await startApp(new FakeService(), { token: TOKEN, clock });
  for (let i = 0; i < 10; i++)
    assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(`wrong-${i}`))).status, 401);
  const blocked = await send(app.port, 'GET', '/v1/jobs', bearer('wrong-10'));
  assert.equal(blocked.status, 429);
  assert.equal(blocked.headers['retry-after'], '5');
  assert.equal(blocked.headers.connection, 'close');
  now += 5_000;
  assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer('wrong-11'))).status, 401);
  assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(TOKEN))).status, 200);
});

test('wrong tokens of an address do not lock out the right one', async () => {
  await using app = await startApp(new FakeService(), { token: TOKEN });
  for (let i = 0; i < 99; i++) {
    const wrong = await send(app.port, 'GET', '/v1/jobs', bearer(`wrong-${i}`));
    assert.equal(wrong.status, i < 10 ? 401 : 429);
    assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(TOKEN))).status, 200, `try ${i}`);
  }
  assert.match((await send(app.port, 'GET', '/health', bearer(TOKEN))).text, /"uptimeMs"/);
  assert.equal((await send(app.port, 'GET', '/health', bearer('wrong'))).text, '{"status":"ok"}');
});

test('requests without a token do not count as guesses', async () => {
  await using app = await startApp(new FakeService(), { token: TOKEN });
  for (let i = 0; i < 30; i++) assert.equal((await send(app.port, 'GET', '/v1/jobs')).status, 401);
  assert.equal((await send(app.port, 'GET', '/v1/jobs', bearer(TOKEN))).status, 200);
});
