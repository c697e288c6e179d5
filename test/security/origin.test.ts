import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeService } from '../support/fake-service.ts';
import { postJson, send, sendRaw, startApp } from '../support/http-client.ts';

test('a Host that is not this service is refused: DNS rebinding', async () => {
  const service = new FakeService();
  await using app = await startApp(service, { allowedHosts: ['events.example.org'] });
  const { port } = app;
  for (const host of [
    'attacker.example',
    `attacker.example:${port}`,
    `localhost.attacker.example:${port}`,
    `127.0.0.1.attacker.example:${port}`,
    `127.0.0.2:${port}`,
    `0.0.0.0:${port}`,
    '127.0.0.1',
    'localhost',
    `127.0.0.1:${port + 1}`,
    `localhost:${port}@attacker.example`,
    `localhost:${port}.`,
  ]) {
    for (const path of ['/', '/v1/jobs', '/health', '/nothing']) {
      const { status } = await send(port, 'GET', path, { headers: { host } });
      assert.equal(status, 403, `Host: ${host} on ${path}`);
    }
    assert.equal((await postJson(port, '/v1/statements', { sql: 'SHOW JOBS' }, { host })).status, 403);
  }
  for (const host of [
    `localhost:${port}`,
    `LOCALHOST:${port}`,
    `127.0.0.1:${port}`,
    `[::1]:${port}`,
    'events.example.org',
  ]) {
    assert.equal((await send(port, 'GET', '/v1/jobs', { headers: { host } })).status, 200, host);
  }
  assert.deepEqual(service.asked, []);
});

test('a request without a Host is refused', async () => {
  await using app = await startApp(new FakeService());
  assert.match(await sendRaw(app.port, 'GET /v1/jobs HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 403 /);
  assert.match(
    await sendRaw(app.port, 'GET /v1/jobs HTTP/1.1\r\nhost: \r\nconnection: close\r\n\r\n'),
    /^HTTP\/1\.1 403 /,
  );
  assert.match(await sendRaw(app.port, 'GET /v1/jobs HTTP/1.1\r\nconnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
});

test('pages of another origin are refused, and there is no CORS', async () => {
  const service = new FakeService();
  await using app = await startApp(service);
  const { port } = app;
  for (const origin of [
    'https://attacker.example',
    'null',
    `http://localhost:${port + 1}`,
    `http://localhost.attacker.example:${port}`,
    `http://127.0.0.1:${port}.attacker.example`,
    'file://',
  ]) {
    const get = await send(port, 'GET', '/v1/jobs', { headers: { origin } });
    assert.equal(get.status, 403, origin);
    assert.equal(get.headers['access-control-allow-origin'], undefined);
    assert.equal((await postJson(port, '/v1/statements', { sql: 'SHOW JOBS' }, { origin })).status, 403, origin);
    const preflight = await send(port, 'OPTIONS', '/v1/statements', {
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    assert.equal(preflight.status, 403);
  }
  const own = { origin: `http://127.0.0.1:${port}` };
  assert.equal((await postJson(port, '/v1/statements', { sql: 'SHOW JOBS' }, own)).status, 200);
  assert.equal(service.asked.length, 1);
});

test('a page of another origin may link to the page, but its requests to the API are refused', async () => {
  await using app = await startApp(new FakeService());
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site };
    assert.equal((await send(app.port, 'GET', '/v1/rows', { headers })).status, 403);
    assert.equal((await send(app.port, 'GET', '/metrics', { headers })).status, 403);
    assert.equal((await send(app.port, 'GET', '/', { headers })).status, 200);
  }
  assert.equal((await send(app.port, 'GET', '/v1/rows', { headers: { 'sec-fetch-site': 'same-origin' } })).status, 200);
});

test('every reply has the security headers, also refusals and replies to bad requests', async () => {
  await using app = await startApp(new FakeService());
  for (const [path, host] of [
    ['/', undefined],
    ['/v1/jobs', undefined],
    ['/nothing', undefined],
    ['/%zz', undefined],
    ['/v1/jobs', 'attacker.example'],
  ] as const) {
    const { headers } = await send(app.port, 'GET', path, host === undefined ? {} : { headers: { host } });
    assert.equal(
      headers['content-security-policy'],
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
      path,
    );
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
});
