import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeService, fakeJob } from '../support/fake-service.ts';
import { send, startApp } from '../support/http-client.ts';

/**
 * Ways to write a path that leaves a folder: plain, encoded, twice encoded, with backslashes, with
 * NUL, very long.
 */
const ESCAPES = [
  '../package.json',
  '../../../../etc/passwd',
  '%2e%2e/package.json',
  '%2e%2e%2fpackage.json',
  '..%2f..%2f..%2fetc%2fpasswd',
  '%252e%252e%252fpackage.json',
  '..%5c..%5cpackage.json',
  '..\\..\\package.json',
  '....//package.json',
  'main.js%00.html',
  'main.js/../../../package.json',
  '/etc/passwd',
  'file:///etc/passwd',
  '%c0%ae%c0%ae/package.json',
  'x'.repeat(5000),
];

test('a path of the page never reaches the file system', async () => {
  await using app = await startApp(new FakeService());
  for (const path of ESCAPES) {
    const { status, text } = await send(app.port, 'GET', `/${path}`);
    assert.ok(status === 404 || status === 400, `/${path} gave ${status}`);
    assert.match(text, /^\{"error":/);
    assert.doesNotMatch(text, /root:|"version"/);
  }
});

test('a job id that the service does not list gets no further', async () => {
  const service = new FakeService();
  service.list.push(fakeJob('job'));
  await using app = await startApp(service);
  for (const id of [...ESCAPES, '.', '..', '%2e%2e', '__proto__', 'constructor', 'job%00', 'JOB', 'job%20']) {
    for (const [method, path] of [
      ['DELETE', `/v1/jobs/${id}`],
      ['POST', `/v1/jobs/${id}/stop`],
      ['GET', `/v1/jobs/${id}`],
      ['GET', `/v1/jobs/${id}/results`],
      ['POST', `/v1/jobs/${id}/savepoints`],
      ['GET', `/v1/jobs/${id}/savepoints/s1`],
      ['DELETE', `/v1/jobs/${id}/savepoints/s1`],
    ] as const) {
      const { status } = await send(app.port, method, path);
      // `.` and `..` that are not encoded are not ids but other paths.
      assert.ok([400, 404].includes(status), `${method} ${path} gave ${status}`);
    }
  }
  assert.deepEqual(service.asked, []);
});
