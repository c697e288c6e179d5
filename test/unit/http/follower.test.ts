import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import { sendQueuesIn } from '../../../src/http/send-queues.ts';
import { FakeService, fakeJob } from '../../support/fake-service.ts';
import { send, startApp } from '../../support/http-client.ts';

const FIELDS = [{ name: 'n', type: { kind: 'bigint', nullable: true } }] as const;
const rows = (...numbers: number[]) =>
  ({
    kind: 'rows',
    sink: 'out',
    fields: FIELDS,
    lines: numbers.map((n) => `{"op":"+I","row":{"n":${n}}}`),
  }) as const;

const waitFor = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 400 && !condition(); i++) await delay(5);
  assert.ok(condition(), 'it did not happen within two seconds');
};

function serviceWithJob(): FakeService {
  const service = new FakeService();
  service.list.push(fakeJob('job'));
  return service;
}

describe('results as server-sent events', () => {
  test('columns once, then rows, then the end', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service);
    const answer = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.has('job'));
    service.emit('job', rows(1, 2));
    service.emit('job', rows(3));
    service.emit('job', { kind: 'end', state: 'FINISHED' });
    const { text, headers, status } = await answer;
    assert.equal(status, 200);
    assert.equal(headers['content-type'], 'text/event-stream; charset=utf-8');
    assert.match(String(headers['content-security-policy']), /default-src 'none'/);
    assert.equal(
      text,
      'event: columns\ndata: {"sink":"out","fields":[{"name":"n","type":{"kind":"bigint","nullable":true}}]}\n\n' +
        [1, 2, 3].map((n) => `event: row\ndata: {"sink":"out","op":"+I","row":{"n":${n}}}\n\n`).join('') +
        'event: end\ndata: {"state":"FINISHED"}\n\n',
    );
    assert.equal(service.listeners.get('job')!.size, 0);
  });

  test('sends heartbeats without events', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service, { limits: { heartbeatMs: 20 } });
    const answer = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.has('job'));
    await delay(60);
    service.emit('job', { kind: 'end', state: 'CANCELED' });
    assert.match((await answer).text, /^(: heartbeat\n\n)+event: end/);
  });

  test('a client that leaves is forgotten', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service);
    const request = http.get(`${app.url}/v1/jobs/job/results`, { agent: false });
    request.on('error', () => undefined);
    await waitFor(() => service.listeners.get('job')?.size === 1);
    request.destroy();
    await waitFor(() => service.listeners.get('job')?.size === 0);
  });

  test('a client that does not read is cut off, with a message, and holds only its bound', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service, { limits: { followerBufferBytes: 100_000 } });
    const response = await new Promise<http.IncomingMessage>((resolve) => {
      http.get(`${app.url}/v1/jobs/job/results`, { agent: false }, resolve);
    });
    response.pause();
    const line = `{"op":"+I","row":{"text":"${'x'.repeat(10_000)}"}}`;
    for (let i = 0; i < 5000 && service.listeners.get('job')!.size > 0; i++) {
      service.emit('job', { kind: 'rows', sink: 'out', lines: [line] });
      await new Promise(setImmediate);
    }
    assert.equal(service.listeners.get('job')!.size, 0, 'it was not cut off');
    let text = '';
    for await (const chunk of response) text += String(chunk);
    assert.match(text, /event: cut\ndata: \{"error":\{"code":"HTTP_TOO_MANY","message":"this client does not keep up/);
  });

  test('a client whose connection takes nothing is cut off by the heartbeat, before the bound of its buffer', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service, {
      limits: { heartbeatMs: 50, followersPerJob: 2, followerBufferBytes: 100_000_000 },
    });
    const mute = Array.from({ length: 2 }, () => {
      const socket = net.connect(app.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.pause();
      socket.write(`GET /v1/jobs/job/results HTTP/1.1\r\nhost: localhost:${app.port}\r\n\r\n`);
      return socket;
    });
    await waitFor(() => service.listeners.get('job')?.size === 2);
    assert.equal((await send(app.port, 'GET', '/v1/jobs/job/results')).status, 429);
    // One event, larger than what the kernel buffers for a connection.
    service.emit('job', {
      kind: 'rows',
      sink: 'out',
      lines: [`{"op":"+I","row":{"text":"${'x'.repeat(12_000_000)}"}}`],
    });
    await waitFor(() => service.listeners.get('job')!.size === 0);
    const again = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.get('job')!.size === 1);
    service.emit('job', { kind: 'end', state: 'FINISHED' });
    assert.equal((await again).status, 200);
    for (const socket of mute) socket.destroy();
  });

  test('a client that reads nothing is cut off although the kernel still accepts its rows', async (t) => {
    if (process.platform !== 'linux') return t.skip('other systems do not tell what is acknowledged');
    const service = serviceWithJob();
    let calls = 0;
    await using app = await startApp(service, {
      limits: { heartbeatMs: 50 },
      clock: { ...systemClock, monotonicMs: () => ++calls * 1000 },
    });
    const socket = net.connect(app.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.pause();
    socket.write(`GET /v1/jobs/job/results HTTP/1.1\r\nhost: localhost:${app.port}\r\n\r\n`);
    await waitFor(() => service.listeners.get('job')?.size === 1);
    // More than the client's buffer, and less than the buffers of both sides.
    service.emit('job', {
      kind: 'rows',
      sink: 'out',
      lines: [`{"op":"+I","row":{"text":"${'x'.repeat(1_000_000)}"}}`],
    });
    await waitFor(() => service.listeners.get('job')!.size === 0);
    socket.destroy();
  });

  test('the table of connections is read in both versions of IP', () => {
    const head = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
    assert.deepEqual(
      sendQueuesIn(
        `${head}   0: 0100007F:1FF5 0A01A8C0:C001 01 0000ABCD:00000000 01:00000014 00000000     0        0 1 2\n`,
      ),
      [['8181 192.168.1.10 49153', 0xabcd]],
    );
    assert.deepEqual(
      sendQueuesIn(
        `${head}   0: 00000000000000000000000001000000:1FF5 00000000000000000000000001000000:C001 01 00000001:00000000 00:0 0 0 0 1\n` +
          `   1: 0000000000000000FFFF00000100007F:1FF5 0000000000000000FFFF00000100007F:C002 01 00000000:00000000 00:0 0 0 0 1\n`,
      ),
      [
        ['8181 ::1 49153', 1],
        ['8181 127.0.0.1 49154', 0],
      ],
    );
  });

  test('a client that reads slowly keeps its place', async () => {
    const service = serviceWithJob();
    await using app = await startApp(service, { limits: { heartbeatMs: 20 } });
    const answer = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.get('job')?.size === 1);
    for (let i = 0; i < 10; i++) {
      service.emit('job', rows(i));
      await delay(20);
    }
    service.emit('job', { kind: 'end', state: 'FINISHED' });
    assert.equal((await answer).text.match(/event: row/g)?.length, 10);
  });

  test('the number of followers of a job is limited', async () => {
    const service = serviceWithJob();
    service.list.push(fakeJob('other'));
    await using app = await startApp(service, { limits: { followersPerJob: 2 } });
    const following = [1, 2].map(() => send(app.port, 'GET', '/v1/jobs/job/results'));
    await waitFor(() => service.listeners.get('job')?.size === 2);
    const refused = await send(app.port, 'GET', '/v1/jobs/job/results');
    assert.equal(refused.status, 429);
    const other = send(app.port, 'GET', '/v1/jobs/other/results');
    await waitFor(() => service.listeners.get('other')?.size === 1);
    for (const id of ['job', 'other']) service.emit(id, { kind: 'end', state: 'FINISHED' });
    await Promise.all([...following, other]);
    const again = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.get('job')?.size === 1);
    service.emit('job', { kind: 'end', state: 'FINISHED' });
    assert.equal((await again).status, 200);
  });

  test('an unknown job is not found; closing ends the answers', async () => {
    const service = serviceWithJob();
    const app = await startApp(service);
    assert.equal((await send(app.port, 'GET', '/v1/jobs/none/results')).status, 404);
    const answer = send(app.port, 'GET', '/v1/jobs/job/results');
    await waitFor(() => service.listeners.get('job')?.size === 1);
    await app.close();
    assert.equal((await answer).text, '');
  });
});
