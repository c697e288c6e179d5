/** Tests `sequitur state inspect`, which shows the content of a checkpoint. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-state-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

const inspect = (...args: string[]) => {
  const run = spawnSync(process.execPath, [main, 'state', 'inspect', ...args], { encoding: 'utf8', timeout: 20_000 });
  return { code: run.status, out: run.stdout, err: run.stderr };
};

const SQL = `CREATE TABLE payments (id BIGINT, card STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'in.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
CREATE TABLE out (card STRING, x BIGINT, y BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'debezium-json');
SET 'pipeline.name' = 'mixed';
EXECUTE STATEMENT SET BEGIN
INSERT INTO out SELECT card, COUNT(*), MAX(id) FROM payments GROUP BY card;
INSERT INTO out SELECT card, COUNT(*), MAX(id)
  FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY card, window_start, window_end;
INSERT INTO out SELECT * FROM payments MATCH_RECOGNIZE (PARTITION BY card ORDER BY ts MEASURES A.id AS x, B.id AS y
  PATTERN (A B) WITHIN INTERVAL '1' HOUR DEFINE B AS B.id > 1000);
END;`;

/** Returns the directory of a job that was stopped before the end of its input. */
async function stoppedJob(backend: string): Promise<string> {
  const directory = path.join(root, backend);
  fs.mkdirSync(directory);
  fs.writeFileSync(path.join(directory, 'job.sql'), SQL);
  const rows = Array.from({ length: 9 }, (_, i) => `{"id":${i},"card":"c${i % 3}","ts":"2026-01-01 00:00:0${i}"}\n`);
  fs.writeFileSync(path.join(directory, 'in.jsonl'), rows.join(''));
  const { code } = await runUntil(directory, backend, 9);
  assert.equal(code, 0);
  return path.join(directory, 'checkpoints', 'mixed');
}

/** Runs the job until a checkpoint says that this number of rows was read, then stops it. */
async function runUntil(directory: string, backend: string, rows: number, ...more: string[]) {
  const checkpoints = path.join(directory, 'checkpoints');
  const flags = ['--checkpoint-dir', checkpoints, '--checkpoint-interval', '100ms', '--state', backend, ...more];
  const job = spawn(process.execPath, [main, 'run', path.join(directory, 'job.sql'), ...flags]);
  let err = '';
  job.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => job.once('close', resolve));
  const manifests = path.join(checkpoints, 'mixed', 'manifests');
  const read = (): boolean =>
    fs.existsSync(manifests) &&
    fs
      .readdirSync(manifests)
      .some((name) => name.endsWith('.json') && textOf(path.join(manifests, name)).includes(`"in":${rows}`));
  for (let i = 0; i < 200 && !read(); i++) await new Promise((resolve) => setTimeout(resolve, 50));
  job.kill('SIGTERM');
  return { code: await ended, err };
}

/** Returns nothing if the job has deleted the file meanwhile. */
function textOf(file: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

for (const backend of ['memory', 'rocksdb']) {
  test(`${backend}: sources and tables of a checkpoint, and the entries of each table`, async () => {
    const directory = await stoppedJob(backend);
    const before = fs.readdirSync(directory, { recursive: true }).toSorted();
    const { code, out, err } = inspect(directory);
    assert.equal(code, 0, err);
    const summary = JSON.parse(out) as {
      checkpoint: number;
      sources: { name: string; watermark: number }[];
      tables: { name: string; entries: number; bytes: number }[];
    };
    assert.deepEqual(
      summary.sources.map((s) => [s.name, new Date(s.watermark).toISOString()]),
      [['payments.scan', '2026-01-01T00:00:08.000Z']],
    );
    assert.ok(summary.tables.length >= 3, out);
    for (const { name, entries, bytes } of summary.tables) {
      const lines = inspect(directory, '--table', name).out.split('\n').slice(0, -1);
      assert.equal(lines.length, entries, name);
      assert.equal(entries > 0, bytes > 0, name);
      for (const line of lines) JSON.parse(line);
    }
    const counted = summary.tables.find((t) => t.name.startsWith('group') || /aggregate/.test(t.name))!;
    assert.ok(counted !== undefined, out);
    const cards = inspect(directory, '--table', counted.name).out;
    for (const card of ['c0', 'c1', 'c2']) assert.match(cards, new RegExp(`"key":\\["${card}"\\]`));
    assert.deepEqual(fs.readdirSync(directory, { recursive: true }).toSorted(), before, 'nothing is changed');
    const manifest = path.join(directory, 'manifests', `${summary.checkpoint}.json`);
    assert.equal(inspect(manifest).out, out);
  });
}

test('a changed query is refused with its operators; with the flag, unchanged operators keep their state', async () => {
  const directory = path.join(root, 'memory');
  fs.writeFileSync(
    path.join(directory, 'job.sql'),
    SQL.replace("INTERVAL '1' HOUR)) GROUP", "INTERVAL '2' HOUR)) GROUP"),
  );
  fs.appendFileSync(path.join(directory, 'in.jsonl'), '{"id":9,"card":"c0","ts":"2026-01-01 00:00:09"}\n');
  const file = path.join(directory, 'job.sql');
  const flags = ['--checkpoint-dir', path.join(directory, 'checkpoints'), '--state', 'memory'];
  const refused = spawnSync(process.execPath, [main, 'run', file, ...flags], { encoding: 'utf8', timeout: 20_000 });
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /CHECKPOINT_INCOMPATIBLE.* out\.window-aggregate changed.*--allow-non-restored-state/);
  const told = await runUntil(directory, 'memory', 10, '--allow-non-restored-state');
  assert.equal(told.code, 0, told.err);
  assert.match(told.err, /job mixed: out\.window-aggregate starts without state: its definition has changed\n/);
  assert.doesNotMatch(told.err, /out\.group-aggregate (starts|is gone)/);
  const job = path.join(directory, 'checkpoints', 'mixed');
  // The unbounded GROUP BY continues its counts. The window has only the row after the checkpoint.
  assert.match(inspect(job, '--table', 'out.group-aggregate.groups').out, /"key":\["c0"\],"values":\[4,4,9,/);
  assert.match(
    inspect(job, '--table', 'out.window-aggregate.windows').out,
    /^\{"time":\d+,"key":\["c0"\],"values":\[1,9,.*\}\n$/,
  );
});

test('a missing checkpoint or table is reported', () => {
  const none = inspect(root);
  assert.equal(none.code, 2);
  assert.match(none.err, /CHECKPOINT_NOT_FOUND/);
  const table = inspect(path.join(root, 'memory', 'checkpoints', 'mixed'), '--table', 'x.y');
  assert.equal(table.code, 2);
  assert.match(table.err, /there is no table x\.y; there are /);
});
