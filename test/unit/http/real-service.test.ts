import assert from 'node:assert/strict';
import { test } from 'node:test';
import { postJson, send, startApp } from '../../support/http-client.ts';
import { ServiceFixture } from '../../support/service-fixture.ts';

test('SQL is submitted, rows are returned, the job can be read and deleted', async (t) => {
  const fixture = new ServiceFixture();
  const app = await startApp(fixture.service);
  t.after(async () => {
    await app.close();
    await fixture.close();
  });
  fixture.write('in.jsonl', '{"n":1}\n{"n":9007199254740993}\n{"n":-3}\n');
  const created = await postJson(app.port, '/v1/statements', {
    sql: `CREATE TABLE numbers (n BIGINT) WITH ('connector' = 'filesystem', 'path' = '${fixture.path('in.jsonl')}', 'format' = 'json');
          SELECT n, n > 0 AS positive FROM numbers;`,
  });
  assert.equal(created.status, 200, created.text);
  const { statements } = created.json() as { statements: { kind: string; id: string }[] };
  const { id } = statements.find((s) => s.kind === 'job')!;

  const { text } = await send(app.port, 'GET', `/v1/jobs/${id}/results`);
  const events = text.split('\n\n').filter((event) => event !== '' && !event.startsWith(':'));
  assert.deepEqual(
    events.filter((event) => event.startsWith('event: row')),
    ['{"n":1,"positive":true}', '{"n":9007199254740993,"positive":true}', '{"n":-3,"positive":false}'].map(
      (row) => `event: row\ndata: {"sink":"result","op":"+I","row":${row}}`,
    ),
  );
  assert.equal(events.at(-1), 'event: end\ndata: {"state":"FINISHED"}');

  const job = (await send(app.port, 'GET', `/v1/jobs/${id}`)).json() as {
    state: string;
    rowsIn: number;
    explain: string;
  };
  assert.equal(job.state, 'FINISHED');
  assert.match(job.explain, /numbers/);
  assert.match(
    (await send(app.port, 'GET', '/metrics')).text,
    new RegExp(`sequitur_job_numRecordsIn\\{job="${id}"\\} 3`),
  );
  assert.equal((await send(app.port, 'DELETE', `/v1/jobs/${id}`)).status, 204);
  assert.equal((await send(app.port, 'GET', `/v1/jobs/${id}`)).status, 404);
});

const TABLE = (
  path: string,
  more = '',
) => `CREATE TABLE payments (id INT, card STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = '${path}', 'format' = 'json'${more});
  CREATE VIEW alerts AS SELECT * FROM payments MATCH_RECOGNIZE (PARTITION BY card ORDER BY ts MEASURES A.id AS a, B.id AS b
    PATTERN (A B) WITHIN INTERVAL '1' MINUTE DEFINE A AS A.amount < 10, B AS B.amount > 5 * A.amount);`;
const payment = (id: number, card: string, amount: number, second: number): string =>
  `${JSON.stringify({ id, card, amount, ts: `2026-01-01 10:00:${String(second).padStart(2, '0')}` })}\n`;

test('EXPLAIN MATCH is answered with why there is a match and why there is none', async (t) => {
  const fixture = new ServiceFixture();
  const app = await startApp(fixture.service);
  t.after(async () => {
    await app.close();
    await fixture.close();
  });
  fixture.write(
    'in.jsonl',
    payment(1, 'x', 5, 1) + payment(2, 'y', 5, 2) + payment(3, 'x', 20, 3) + payment(4, 'y', 30, 4),
  );
  const answer = await postJson(app.port, '/v1/statements', {
    sql: `${TABLE(fixture.path('in.jsonl'))} EXPLAIN MATCH alerts FOR KEY ('x'); EXPLAIN MATCH alerts FOR KEY ('y');`,
  });
  assert.equal(answer.status, 200, answer.text);
  const { statements } = answer.json() as {
    statements: { kind: string; explanation: { attempts: { ways: unknown[] }[] } }[];
  };
  const [x, y] = statements
    .filter(({ kind }) => kind === 'explanation')
    .map(({ explanation }) => explanation.attempts[0]!.ways[0]);
  const by = { time: '2026-01-01 10:00:03', row: { id: 3, card: 'x', amount: 20, ts: '2026-01-01 10:00:03' } };
  const first = { time: '2026-01-01 10:00:01', row: { id: 1, card: 'x', amount: 5, ts: '2026-01-01 10:00:01' } };
  const failed = [{ condition: 'amount > (5 * A.amount)', values: { amount: 20, 'A.amount': 5 } }];
  assert.deepEqual(x, {
    outcome: 'ended',
    by,
    wanted: [{ variable: 'B', failed }],
    strict: true,
    rows: [{ variable: 'A', ...first }],
  });
  assert.equal((y as { outcome: string }).outcome, 'match');

  const endless = await postJson(app.port, '/v1/statements', {
    sql: `${TABLE(fixture.path('in.jsonl'), ", 'source.monitor-interval' = '1 s'").replaceAll('payments', 'p2').replace('VIEW alerts', 'VIEW a2')} EXPLAIN MATCH a2 FOR KEY ('x');`,
  });
  assert.equal(endless.status, 422);
  assert.match(endless.text, /`p2` never ends/);
  const outside = await postJson(app.port, '/v1/statements', {
    sql: `${TABLE('/etc/passwd').replaceAll('payments', 'p3').replace('VIEW alerts', 'VIEW a3')} EXPLAIN MATCH a3 FOR KEY ('x');`,
  });
  assert.equal(outside.status, 422, outside.text);
});

test('the open matches of a running pattern can be read for a key', async (t) => {
  const fixture = new ServiceFixture();
  const app = await startApp(fixture.service);
  t.after(async () => {
    await app.close();
    await fixture.close();
  });
  fixture.write('in.jsonl', payment(1, 'x', 5, 1) + payment(2, 'y', 500, 2) + payment(3, 'z', 1, 9));
  const submitted = await postJson(app.port, '/v1/statements', {
    sql: `${TABLE(fixture.path('in.jsonl'), ", 'source.monitor-interval' = '20 ms'")}
      CREATE TABLE out_alerts (card STRING, a INT, b INT) WITH ('connector' = 'blackhole'); INSERT INTO out_alerts SELECT * FROM alerts;`,
  });
  assert.equal(submitted.status, 200, submitted.text);
  const ask = (query: string) => send(app.port, 'GET', `/v1/jobs/statement.out_alerts/open-matches${query}`);
  let found = await ask('?key=x');
  const deadline = performance.now() + 30_000;
  while (
    performance.now() < deadline &&
    (found.status !== 200 || (found.json() as { open: unknown[] }).open.length === 0)
  ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    found = await ask('?key=x');
  }
  assert.deepEqual(found.json(), {
    pattern: 'alerts.match',
    key: { card: 'x' },
    watermark: '2026-01-01 10:00:08',
    open: [
      {
        rows: [{ variable: 'A', time: '2026-01-01 10:00:01', row: { id: 1, amount: 5 } }],
        waitsFor: ['B'],
        until: '2026-01-01 10:01:01',
      },
    ],
    heldBack: [],
    more: 0,
  });
  // No row of y began a partial match, and the request for it creates no state.
  assert.deepEqual((await ask('?key=y&pattern=alerts.match')).json(), {
    ...(found.json() as object),
    key: { card: 'y' },
    open: [],
  });
  assert.equal((await ask('')).status, 400);
  assert.equal((await ask('?key=x&pattern=none')).status, 400);
  await send(app.port, 'POST', '/v1/jobs/statement.out_alerts/stop');
  const stopped = await ask('?key=x');
  assert.equal(stopped.status, 409);
  assert.match(stopped.text, /JOB_NOT_RUNNING/);
});
