/** Tests `run` with a job in several threads: its rows, kill -9, and what it prints. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const ROWS = 300_000;
const SESSIONS = (out: string): string => `
CREATE TABLE clicks (k STRING, v DOUBLE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'clicks.jsonl', 'format' = 'json');
CREATE TABLE ${out} (k STRING, w TIMESTAMP(3), n BIGINT, top DOUBLE)
  WITH ('connector' = 'filesystem', 'path' = '${out}', 'format' = 'json');
INSERT INTO ${out} SELECT k, window_start, COUNT(*), MAX(v)
  FROM TABLE(SESSION(TABLE clicks PARTITION BY k, DESCRIPTOR(ts), INTERVAL '2' SECOND)) GROUP BY k, window_start, window_end;`;

let directory = '';
before(() => {
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-subtasks-'));
  const lines = Array.from({ length: ROWS }, (_, n) => {
    // Every 50th row is late.
    const ts = new Date(Date.UTC(2026, 0, 1) + n * 10 - (n % 50 === 0 ? 5000 : 0)).toISOString().slice(0, 23);
    // Keys of the first 200 have sessions of many rows.
    const key = n % 2 === 0 ? ((n >> 13) % 2 === 0 ? n % 200 : 200 + (n % 1000)) : 200 + ((n * 7919) % 997);
    return `{"k":"key ${key}","v":${n % 1000},"ts":"${ts.replace('T', ' ')}"}`;
  });
  fs.writeFileSync(path.join(directory, 'clicks.jsonl'), `${lines.join('\n')}\n`);
});
after(() => fs.rmSync(directory, { recursive: true, force: true }));

function argumentsOf(out: string, flags: readonly string[]): string[] {
  const file = path.join(directory, `${out}.sql`);
  fs.writeFileSync(file, SESSIONS(out));
  return [CLI, 'run', file, ...flags];
}

function run(out: string, ...flags: string[]): string {
  const options = { cwd: directory, encoding: 'utf8', timeout: 120_000 } as const;
  const { status, stderr } = spawnSync(process.execPath, argumentsOf(out, flags), options);
  assert.equal(status, 0, stderr);
  return stderr;
}

function rows(out: string): string[] {
  const files = fs.readdirSync(path.join(directory, out)).filter((name) => !/^[._]/.test(name));
  return files
    .flatMap((name) =>
      fs
        .readFileSync(path.join(directory, out, name), 'utf8')
        .trim()
        .split('\n'),
    )
    .sort();
}

/** Waits until a running job has completed another checkpoint. */
async function nextManifest(child: ChildProcess, job: string): Promise<void> {
  const manifests = path.join(directory, job, 'manifests');
  const newest = (): number => {
    const names = fs.existsSync(manifests) ? fs.readdirSync(manifests) : [];
    return Math.max(0, ...names.map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0)));
  };
  const before = newest();
  while (child.exitCode === null && newest() <= before) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('run in several threads', { timeout: 300_000 }, () => {
  it('has the rows of a run in one thread, and says the number of threads', () => {
    const one = run('one');
    assert.match(one, /rows out, [\d,]+ late, [\d.]+ s\n/);
    const three = run('three', '--set', 'parallelism.default=3');
    assert.match(three, / s in 3 threads\n/);
    assert.equal(/[\d,]+ late/.exec(three)?.[0], /[\d,]+ late/.exec(one)?.[0]);
    assert.ok(rows('one').length > 1000);
    assert.deepEqual(rows('three'), rows('one'));
  });

  it('continues after kill -9 with the same rows', async () => {
    const flags = [
      '--set',
      'parallelism.default=2',
      '--checkpoint-dir',
      'checkpoints',
      '--checkpoint-interval',
      '50ms',
    ];
    let kills = 0;
    let said = '';
    for (let attempt = 0; attempt < 4; attempt++) {
      const child = spawn(process.execPath, argumentsOf('killed', flags), {
        cwd: directory,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      child.stderr.on('data', (text: Buffer) => {
        said += text.toString();
      });
      const exited = new Promise((resolve) => child.on('exit', (_, name) => resolve(name)));
      await nextManifest(child, 'checkpoints/killed.killed');
      setTimeout(() => child.kill('SIGKILL'), attempt * 10);
      if ((await exited) === null) break;
      kills++;
    }
    assert.ok(kills > 0);
    said += run('killed', ...flags);
    assert.match(said, /resumes from checkpoint/);
    assert.deepEqual(rows('killed'), rows('one'));
  });

  it('says that the setting has no effect on a job that runs in one thread', () => {
    const file = path.join(directory, 'count.sql');
    const query = SESSIONS('counted').replace(/INSERT.*/s, 'INSERT INTO counted SELECT k, ts, 1, v FROM clicks;');
    fs.writeFileSync(file, query);
    const set = ['--set', 'parallelism.default=2'];
    const { stderr, status } = spawnSync(process.execPath, [CLI, 'run', file, ...set], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /^job count\.counted: parallelism\.default = 2 has no effect, since only an aggregation of/);
  });

  it('keeps the number of threads of a checkpoint, and says so', async () => {
    const flags = ['--checkpoint-dir', 'kept-checkpoints', '--checkpoint-interval', '50ms'];
    const two = [...flags, '--set', 'parallelism.default=2'];
    const child = spawn(process.execPath, argumentsOf('kept', two), { cwd: directory, stdio: 'ignore' });
    const exited = new Promise((resolve) => child.on('exit', resolve));
    await nextManifest(child, 'kept-checkpoints/kept.kept');
    child.kill('SIGKILL');
    await exited;
    const again = run('kept', ...flags, '--set', 'parallelism.default=3');
    assert.match(again, /^job kept\.kept continues in 2 threads, as in its checkpoint, not in 3$/m);
    assert.deepEqual(rows('kept'), rows('one'));
  });

  it('refuses more threads than the memory allows', () => {
    const args = argumentsOf('refused', ['--set', 'parallelism.default=20']);
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    assert.notEqual(status, 0);
    assert.match(stderr, /error\[STATE_MEMORY\]: state\.memory is .* in 20 threads \(parallelism\.default\), but/);
  });

  it('refuses a number of threads that is not possible', () => {
    for (const value of ['0', '65', 'two']) {
      const args = argumentsOf('refused', ['--set', `parallelism.default=${value}`]);
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
      assert.equal(status, 2);
      assert.match(stderr, /'parallelism\.default' must be a whole number from 1 to 64/);
    }
  });
});
