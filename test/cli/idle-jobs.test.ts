import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { postJson, send } from '../support/http-client.ts';
import { until } from '../support/service-fixture.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const JOBS = 200;
const RSS_MAX = 1.5 * 1024 ** 3;
const TIMES = 100;
const MOST_MS = 100;
/** Other processes may delay all replies of a round. */
const ROUNDS = 5;

const TABLE = `CREATE TABLE payments (ts TIMESTAMP(3), card STRING, amount INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'data/in.jsonl', 'format' = 'json', 'source.monitor-interval' = '1 s');`;
const job = (i: number): string => `
  CREATE TABLE found${i} (card STRING, a INT, b INT) WITH ('connector' = 'filesystem', 'path' = 'data/out${i}', 'format' = 'json');
  INSERT INTO found${i} SELECT * FROM payments MATCH_RECOGNIZE (PARTITION BY card ORDER BY ts
    MEASURES A.amount AS a, B.amount AS b PATTERN (A B) WITHIN INTERVAL '1' HOUR
    DEFINE A AS A.amount < 10, B AS B.amount > 5 * A.amount) AS m;`;

/** Resolves with the replies that took longer than `MOST_MS`, in milliseconds. */
async function lateReplies(port: number): Promise<number[]> {
  const late: number[] = [];
  for (let i = 0; i < TIMES; i++) {
    const since = performance.now();
    assert.equal((await send(port, 'GET', '/health')).status, 200);
    const ms = performance.now() - since;
    if (ms > MOST_MS) late.push(Math.round(ms));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return late;
}

test('200 idle jobs run in 1.5 GB with the default state.memory, and health is answered within 100 ms, 100 of 100 times', {
  skip: process.platform !== 'linux',
  timeout: 300_000,
}, async (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-idle-jobs-'));
  fs.mkdirSync(path.join(directory, 'data'));
  const payments = [1, 70, 3].map((amount, i) => JSON.stringify({ ts: `2026-01-01 00:00:0${i}`, card: 'c', amount }));
  fs.writeFileSync(path.join(directory, 'data/in.jsonl'), `${payments.join('\n')}\n`);
  const service = spawn(process.execPath, [CLI, 'serve', '--port', '0'], { cwd: directory });
  t.after(() => {
    service.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });
  let out = '';
  service.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  service.stderr.resume();
  const portOf = (): number => Number(/running at http:\S+:(\d+)\n/.exec(out)?.[1] ?? 0);
  await until('the address', () => portOf() > 0);
  const port = portOf();
  for (let i = 0; i < JOBS; i += 20) {
    const sql = (i === 0 ? TABLE : '') + Array.from({ length: 20 }, (_, n) => job(i + n)).join('\n');
    const { status, text } = await postJson(port, '/v1/statements', { sql });
    assert.equal(status, 200, text);
  }
  const counts = async (): Promise<Record<string, number>> =>
    ((await send(port, 'GET', '/health')).json() as { jobs: Record<string, number> }).jobs;
  let running = 0;
  for (let waited = 0; running < JOBS && waited < 600; waited++) {
    running = (await counts())['RUNNING']!;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.equal(running, JOBS);
  await new Promise((resolve) => setTimeout(resolve, 12_000));
  let late = await lateReplies(port);
  for (let round = 1; round < ROUNDS && late.length > 0; round++) late = await lateReplies(port);
  assert.deepEqual(late, []);
  const status = fs.readFileSync(`/proc/${service.pid}/status`, 'utf8');
  const rss = Number(/VmRSS:\s+(\d+)/.exec(status)![1]) * 1024;
  t.diagnostic(`${JOBS} jobs: ${Math.round(rss / 2 ** 20)} MB, ${/Threads:\s+(\d+)/.exec(status)![1]} threads`);
  assert.ok(rss <= RSS_MAX, `${Math.round(rss / 2 ** 20)} MB`);
  assert.equal((await counts())['RUNNING'], JOBS);
});
