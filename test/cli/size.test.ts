import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const cli = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');

test('size measures a job on its own input and writes nothing where the job would', (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'size-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  const rows = Array.from({ length: 20_000 }, (_, i) => `{"id":${i},"v":${i % 7}}\n`).join('');
  fs.writeFileSync(path.join(directory, 't.jsonl'), rows);
  const sql = path.join(directory, 'q.sql');
  fs.writeFileSync(
    sql,
    `CREATE TABLE t (id INT, v INT) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
     CREATE TABLE o (id INT, s INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'debezium-json');
     INSERT INTO o SELECT id, SUM(v) FROM t GROUP BY id;`,
  );
  const run = spawnSync(process.execPath, [cli, 'size', sql, '--rate', '100'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const { jobs } = JSON.parse(run.stdout) as {
    jobs: { probe: { rows: number; entries: number }; estimate: { cores: number; rate: number } }[];
  };
  assert.equal(jobs.length, 1);
  assert.deepEqual([jobs[0]!.probe.rows, jobs[0]!.probe.entries, jobs[0]!.estimate.rate], [20_000, 20_000, 100]);
  assert.ok(jobs[0]!.estimate.cores > 0);
  assert.ok(!fs.existsSync(path.join(directory, 'out')));
  fs.writeFileSync(path.join(directory, 't.jsonl'), '');
  const empty = spawnSync(process.execPath, [cli, 'size', sql, '--rate', '100'], { encoding: 'utf8' });
  assert.equal(empty.status, 2);
  assert.match(empty.stderr, /no row came/);
});
