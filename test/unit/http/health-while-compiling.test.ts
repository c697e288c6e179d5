import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { test } from 'node:test';
import { postJson, send, startApp } from '../../support/http-client.ts';
import { ServiceFixture } from '../../support/service-fixture.ts';

const TIMES = 100;
const MOST_MS = 100;

test('health is answered within 100 ms, 100 of 100 times, while a huge text compiles', async (t) => {
  const fixture = new ServiceFixture();
  const app = await startApp(fixture.service);
  t.after(async () => {
    await app.close();
    await fixture.close();
  });
  const health = () => send(app.port, 'GET', '/health');
  await health();
  const sql = `CREATE TABLE t (ts TIMESTAMP(3), v INT, WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
    ${'EXPLAIN SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES B.v AS b PATTERN (A{9000} B) DEFINE A AS v > 1);'.repeat(1000)}`;
  let refused = '';
  const huge = postJson(app.port, '/v1/statements', { sql }).then(({ status, text }) => {
    refused = `${status} ${text}`;
  });
  const late: string[] = [];
  for (let i = 0; i < TIMES; i++) {
    const since = performance.now();
    const cpu = process.threadCpuUsage();
    const { status } = await health();
    assert.equal(status, 200);
    const ms = performance.now() - since;
    const { user, system } = process.threadCpuUsage(cpu);
    // The time during which this thread was ready but other processes had the cores does not count.
    const busyMs = (user + system) / 1000;
    if (Math.min(ms, busyMs) > MOST_MS) late.push(`${ms.toFixed(0)} ms, busy ${busyMs.toFixed(0)} ms`);
    if (i === 0) assert.equal(refused, '', 'the text still compiles');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.deepEqual(late, []);
  await huge;
  assert.match(refused, /^422 .*SQL_LIMIT/);
});
