import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'run-restarts-'));
after(() => fs.rmSync(directory, { recursive: true }));
const sql = path.join(directory, 'job.sql');
fs.writeFileSync(
  sql,
  `SET 'restart-strategy.fixed-delay.delay' = '300 ms';
CREATE TABLE t (x BIGINT) WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json');
CREATE TABLE o (x BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO o SELECT x FROM t;`,
);

function run(...flags: readonly string[]): Promise<{ code: number | null; err: string }> {
  const child = spawn(process.execPath, [main, 'run', sql, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
    if (/starts again/.test(err)) fs.writeFileSync(path.join(directory, 'in.jsonl'), '{"x":1}\n');
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, err })));
}

test('run starts no job again unless it is told', async () => {
  const { code, err } = await run();
  assert.equal(code, 1);
  assert.match(err, /^error\[CONNECTOR_READ\]/);
});

test('with a restart strategy, it continues when the cause is removed', async () => {
  const { code, err } = await run(
    '--set',
    'restart-strategy.type=fixed-delay',
    '--checkpoint-dir',
    path.join(directory, 'cp'),
  );
  assert.equal(code, 0, err);
  assert.match(err, /job job\.o starts again in 0\.3 s: error\[CONNECTOR_READ\]/);
  const [part] = fs.readdirSync(path.join(directory, 'out')).filter((name) => !name.startsWith('.'));
  assert.equal(fs.readFileSync(path.join(directory, 'out', part!), 'utf8'), '{"x":1}\n');
});
