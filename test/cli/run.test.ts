/**
 * Tests the command line as a separate process: arguments, exit codes, output, and checkpoints in a
 * directory.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-cli-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

function sequitur(...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: root, timeout: 20_000 });
  assert.doesNotMatch(run.stderr, /\n\s+at .*:\d+:\d+\)?/, 'never a stack trace at a user');
  return { code: run.status, out: run.stdout, err: run.stderr };
}

function write(name: string, text: string): string {
  const file = path.join(root, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

const rows = (n: number): string => Array.from({ length: n }, (_, i) => `{"id":${i},"k":"k${i % 3}"}\n`).join('');
const table = (input: string) =>
  `CREATE TABLE t (id BIGINT, k STRING) WITH ('connector' = 'filesystem', 'path' = '${input}', 'format' = 'json');\n`;
const visible = (directory: string): string[] =>
  fs
    .readdirSync(path.join(root, directory))
    .filter((n) => !n.startsWith('.'))
    .sort()
    .flatMap((n) =>
      fs
        .readFileSync(path.join(root, directory, n), 'utf8')
        .split('\n')
        .slice(0, -1),
    );

describe('sequitur run', () => {
  it('prints the rows of a SELECT as lines, changes, and with paths relative to the file', () => {
    write('q/t.jsonl', '{"id":1,"k":"a"}\n{"id":9007199254740993,"k":"a"}\n');
    const file = write('q/q.sql', `${table('t.jsonl')}SELECT k, SUM(id) AS s FROM t GROUP BY k;`);
    const all =
      '{"op":"+I","row":{"k":"a","s":1}}\n{"op":"-U","row":{"k":"a","s":1}}\n{"op":"+U","row":{"k":"a","s":9007199254740994}}\n';
    assert.equal(sequitur('run', file).out, all, 'a result with changes says what each row does');
    assert.equal(sequitur('run', file, '--output', 'jsonl').out, all);
    assert.equal(
      sequitur('run', file, '--hide-op').out,
      '{"k":"a","s":1}\n{"k":"a","s":1}\n{"k":"a","s":9007199254740994}\n',
    );
    assert.match(sequitur('run', file, '--output', 'table').out, /op[\s\S]*\+I[\s\S]*-U[\s\S]*\+U/);
    assert.doesNotMatch(sequitur('run', file, '--output', 'table', '--hide-op').out, /op|\+U/);
    const plain = write('q/plain.sql', `${table('t.jsonl')}SELECT id FROM t;`);
    assert.equal(sequitur('run', plain).out, '{"id":1}\n{"id":9007199254740993}\n');
    const changes = sequitur('run', file, '--output', 'changelog', '--state', 'memory', '--batch-rows', '1');
    assert.equal(changes.out.split('\n')[2], '{"op":"+U","row":{"k":"a","s":9007199254740994}}');
    assert.equal(changes.code, 0);
  });

  it('says that a second run adds its rows to those of the first, and not when a job resumes', () => {
    write('again/t.jsonl', rows(3));
    const file = write(
      'again/again.sql',
      `${table('t.jsonl')}CREATE TABLE o (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
INSERT INTO o SELECT id FROM t;`,
    );
    assert.doesNotMatch(sequitur('run', file).err, /earlier runs/);
    const second = sequitur('run', file);
    assert.match(
      second.err,
      /job again\.o: table o: out has 1 file of earlier runs\. This run adds its rows in new files/,
    );
    assert.equal(visible('again/out').length, 6);
    assert.match(
      sequitur('run', file, '--checkpoint-dir', 'again/cp').err,
      /out has 2 files or folders of earlier runs/,
    );
    const resumed = sequitur('run', file, '--checkpoint-dir', 'again/cp').err;
    assert.match(resumed, /had finished \(checkpoint 1\); its output is complete/);
    assert.doesNotMatch(resumed, /earlier runs/);
    assert.match(
      sequitur('run', file, '--checkpoint-dir', 'again/cp', '--fresh').err,
      /out has 3 files or folders of earlier runs/,
    );
  });

  it('ends a SELECT with LIMIT when it has its rows, although the input goes on', () => {
    write('limit/t.jsonl', rows(10));
    const followed = table('t.jsonl').replace("'format'", "'source.monitor-interval' = '20 ms', 'format'");
    const file = write('limit/q.sql', `${followed}SELECT id FROM t WHERE id > 1 LIMIT 3;`);
    for (const flags of [[], ['--batch-rows', '1'], ['--output', 'changelog']]) {
      const { code, out, err } = sequitur('run', file, ...flags);
      assert.deepEqual([code, out.split('\n').length, err], [0, 4, '']);
    }
  });

  it('says at the end which columns no line of JSON has', () => {
    write('keys/t.jsonl', '{"id":1,"userName":"a","note":null}\n{"id":2,"userName":"b"}\n');
    const run = (columns: string, select: string, input = 't.jsonl') =>
      sequitur(
        'run',
        write(
          'keys/q.sql',
          `CREATE TABLE t (${columns}) WITH ('connector' = 'filesystem', 'path' = '${input}', 'format' = 'json');\nSELECT ${select} FROM t;`,
        ),
      ).err;
    assert.equal(
      run('id INT, username STRING', 'id, username'),
      'table t: column `username` was NULL in all 2 rows, because no line has the key; did you mean `userName`?\n',
    );
    assert.match(run('id INT, zone STRING', '*'), /`zone` was NULL in all 2 rows, .* the keys are id, userName, note/);
    assert.equal(run('id INT, note STRING', '*'), '', 'a key whose values are NULL is no mistake');
    assert.equal(run('id INT, username STRING', 'id'), '', 'the column is not read');
    assert.equal(run('id INT, `userName` STRING', '*'), '');
    write('keys/empty.jsonl', '');
    assert.equal(run('id INT, username STRING', '*', 'empty.jsonl'), '');
  });

  it('says at the end how many rows came late, also for a SELECT', () => {
    write(
      'late/t.jsonl',
      [5, 20, 4, 30, 6].map((s) => `{"ts":"2026-01-01 00:00:${String(s).padStart(2, '0')}"}\n`).join(''),
    );
    const file = write(
      'late/late.sql',
      `CREATE TABLE t (ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;`,
    );
    const run = sequitur('run', file);
    assert.equal(run.out, '{"n":1}\n{"n":1}\n{"n":1}\n');
    assert.match(run.err, /job late\.result: result\.window-aggregate: 2 rows of `t` came late so far/);
  });

  it('leaves the state of the process that has the job alone when it is started twice with one --state-dir', async () => {
    write('twice/t.jsonl', rows(10));
    const table2 = table('t.jsonl').replace("'format'", "'source.monitor-interval' = '20 ms', 'format'");
    const file = write(
      'twice/twice.sql',
      `${table2}CREATE TABLE o (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'debezium-json');
INSERT INTO o SELECT k, COUNT(*) FROM t GROUP BY k;`,
    );
    const flags = ['--checkpoint-dir', 'twice/cp', '--state-dir', 'twice/state', '--checkpoint-interval', '50ms'];
    const first = spawn(process.execPath, [main, 'run', file, ...flags], { cwd: root, stdio: 'ignore' });
    const ended = new Promise((resolve) => first.on('exit', resolve));
    const manifests = path.join(root, 'twice/cp/twice.o/manifests');
    const newest = (): number =>
      fs.existsSync(manifests) ? Math.max(0, ...fs.readdirSync(manifests).map((n) => Number.parseInt(n, 10))) : 0;
    const until = async (epoch: number): Promise<void> => {
      for (let n = 0; n < 400 && newest() < epoch; n++) await new Promise((resolve) => setTimeout(resolve, 25));
      assert.ok(newest() >= epoch, `no checkpoint ${epoch}`);
    };
    await until(1);
    const second = sequitur('run', file, ...flags);
    assert.equal(second.code, 1);
    assert.match(second.err, /JOB_LOCKED/);
    await until(newest() + 2);
    first.kill('SIGTERM');
    assert.equal(await ended, 0);
    assert.deepEqual(fs.readdirSync(path.join(root, 'twice/state')), []);
  });

  it('refuses bad SQL with every mistake, its place and exit code 2, and runs nothing', () => {
    const file = write(
      'bad.sql',
      `${table('t.jsonl')}SELECT idd FROM t;\nSELECT nope(k) FROM t;\nINSERT INTO nowhere SELECT * FROM t;`,
    );
    const { code, out, err } = sequitur('run', file);
    assert.equal(code, 2);
    assert.equal(out, '');
    assert.match(err, /bad\.sql:2:8: error\[SQL_UNKNOWN_COLUMN\].*\n.*SELECT idd.*\n.*\^\^\^\n.*did you mean `id`/);
    assert.match(err, /bad\.sql:3:8: error\[SQL_UNKNOWN_FUNCTION\]/);
    assert.match(err, /bad\.sql:4:13: error\[SQL_UNKNOWN_TABLE\]/);
  });

  it('exits 1 when a job fails, with file and line, and shows no rows of it', () => {
    write('f/t.jsonl', '{"id":1,"k":"a"}\n{"id":"x","k":"a"}\n');
    const file = write(
      'f/f.sql',
      `${table('t.jsonl')}CREATE TABLE o (id BIGINT) WITH ('connector' = 'filesystem', 'path' = 'o', 'format' = 'json');\nINSERT INTO o SELECT id FROM t;`,
    );
    const { code, err } = sequitur('run', file);
    assert.equal(code, 1);
    assert.match(err, /error\[FORMAT_MALFORMED\]: .*t\.jsonl:2: table t: column `id`: "x" is not a BIGINT/);
    assert.deepEqual(visible('f/o'), []);
  });

  it('reads options from variables and files, and shows only the reference', () => {
    write('ref/t.jsonl', '{"id":1,"k":"a"}\n');
    write('ref/name', 't.jsonl\n');
    for (const value of ['${file:name}', '${env:SEQUITUR_TEST_NAME}.jsonl']) {
      const file = write('ref/q.sql', `${table(value)}SELECT k FROM t;`);
      process.env['SEQUITUR_TEST_NAME'] = 't';
      assert.equal(sequitur('run', file, '--output', 'jsonl').out, '{"k":"a"}\n');
      assert.ok(sequitur('explain', file).out.includes(value));
      delete process.env['SEQUITUR_TEST_NAME'];
    }
    const missing = sequitur('run', write('ref/m.sql', `${table('${env:SEQUITUR_TEST_NAME}')}SELECT k FROM t;`));
    assert.match(missing.err, /table t, option 'path': the environment has no variable SEQUITUR_TEST_NAME/);
    assert.equal(missing.code, 2);
  });

  it('leaves malformed lines out, or keeps them as dead letters, counted', () => {
    write('m/t.jsonl', '{"id":1,"k":"a"}\nnonsense\n{"id":2,"k":"b"}\n');
    const sql = (option: string) =>
      `CREATE TABLE t (id BIGINT, k STRING) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json', ${option});\nCREATE TABLE o (id BIGINT) WITH ('connector' = 'blackhole');\nINSERT INTO o SELECT id FROM t;`;
    assert.match(
      sequitur('run', write('m/a.sql', sql("'json.ignore-parse-errors' = 'true'"))).err,
      /2 rows out, 1 malformed/,
    );
    assert.match(sequitur('run', write('m/b.sql', sql("'dead-letter.path' = 'dead.jsonl'"))).err, /1 malformed/);
    const letter = JSON.parse(fs.readFileSync(path.join(root, 'm/dead.jsonl'), 'utf8'));
    assert.equal(letter.raw, 'nonsense');
    assert.match(letter.reason, /not valid JSON/);
  });

  it('refuses wrong usage and configuration with exit code 2', () => {
    const file = write('u.sql', `${table('q/t.jsonl')}SELECT id FROM t;`);
    assert.equal(sequitur('run').code, 2);
    assert.equal(sequitur('run', 'missing.sql').code, 2);
    assert.equal(sequitur('run', file, '--batch-rows', '0').code, 2);
    assert.match(sequitur('run', file, '--set', 'execution.checkpointing.intervall=1s').err, /did you mean/);
    assert.match(sequitur('run', file, '--set', 'state.memory=8mb').err, /STATE_MEMORY.*8 MB for 1 job.*24 MB/);
    assert.match(
      sequitur(
        'run',
        file,
        '--set',
        'execution.checkpointing.min-pause=2h',
        '--set',
        'execution.checkpointing.timeout=1h',
      ).err,
      /CONFIG_CONTRADICTION.*min-pause is longer/,
    );
  });

  it('says what explain and check know', () => {
    const file = write('e.sql', `${table('q/t.jsonl')}SELECT k, COUNT(*) AS n FROM t GROUP BY k;`);
    assert.match(sequitur('explain', file).out, /GroupAggregate/);
    assert.equal(
      sequitur('check', file).out,
      `${file}: ok, portable, 1 job e.result\n  state      result.group-aggregate: one entry for each group, for ever\n`,
    );
  });
});

describe('checkpoint directory', () => {
  const sql = (what: string) =>
    `${table('t.jsonl')}CREATE TABLE o (k STRING, n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'o', 'format' = 'debezium-json');\nINSERT INTO o SELECT k, ${what} FROM t GROUP BY k;`;

  it('a finished job says so, and does nothing twice', () => {
    write('c/t.jsonl', rows(10));
    const file = write('c/c.sql', sql('COUNT(*)'));
    assert.equal(sequitur('run', file, '--checkpoint-dir', 'c/cp').code, 0);
    const lines = visible('c/o');
    const again = sequitur('run', file, '--checkpoint-dir', 'c/cp');
    assert.equal(again.code, 0);
    assert.match(again.err, /had finished/);
    assert.deepEqual(visible('c/o'), lines);
  });

  it('refuses another query, naming the operators; --fresh starts over without touching visible output', () => {
    const file = write('c/c.sql', sql('MAX(id)'));
    const refused = sequitur('run', file, '--checkpoint-dir', 'c/cp');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /CHECKPOINT_INCOMPATIBLE.*changed/);
    const before = visible('c/o').length;
    assert.equal(sequitur('run', file, '--checkpoint-dir', 'c/cp', '--fresh').code, 0);
    assert.ok(visible('c/o').length > before);
  });

  it('refuses a second process, not the lock of a dead one', async () => {
    write('l/t.jsonl', rows(10));
    const file = write(
      'l/l.sql',
      sql('COUNT(*)').replace("'path' = 't.jsonl'", "'path' = 't.jsonl', 'source.monitor-interval' = '100 ms'"),
    );
    const first = spawn(
      process.execPath,
      [main, 'run', file, '--checkpoint-dir', 'l/cp', '--checkpoint-interval', '50ms'],
      { cwd: root, stdio: 'ignore' },
    );
    const lock = path.join(root, 'l/cp/l.o/lock');
    while (!fs.existsSync(lock)) await new Promise((r) => setTimeout(r, 20));
    const second = sequitur('run', file, '--checkpoint-dir', 'l/cp');
    assert.equal(second.code, 1);
    assert.match(second.err, /JOB_LOCKED.*process \d+/);
    while (!fs.existsSync(path.join(root, 'l/o')) || visible('l/o').length === 0)
      await new Promise((r) => setTimeout(r, 20));
    first.kill('SIGKILL');
    await new Promise((r) => first.on('exit', r));
    fs.appendFileSync(path.join(root, 'l/t.jsonl'), rows(2));
    const third = spawn(
      process.execPath,
      [main, 'run', file, '--checkpoint-dir', 'l/cp', '--checkpoint-interval', '50ms'],
      { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let err = '';
    third.stderr.on('data', (d) => {
      err += d;
    });
    const before = visible('l/o').length;
    while (visible('l/o').length < before + 4) await new Promise((r) => setTimeout(r, 20));
    third.kill('SIGTERM');
    const code = await new Promise((r) => third.on('exit', r));
    assert.equal(code, 0, err);
    assert.match(err, /resumes from checkpoint \d+/);
    assert.ok(visible('l/o').at(-1)?.includes('"k":"k1","n":4'));
  });

  it('names a damaged checkpoint file, and goes back only as far as nothing is written twice', () => {
    write('d/t.jsonl', rows(10));
    const file = write('d/d.sql', sql('COUNT(*)'));
    assert.equal(sequitur('run', file, '--checkpoint-dir', 'd/cp').code, 0);
    const manifests = path.join(root, 'd/cp/d.o/manifests');
    for (const name of fs.readdirSync(manifests)) fs.appendFileSync(path.join(manifests, name), 'x');
    const { code, err } = sequitur('run', file, '--checkpoint-dir', 'd/cp');
    assert.equal(code, 1);
    assert.match(err, /CHECKPOINT_CORRUPT.*manifest.*damaged/);
    assert.match(err, /--fresh/);
  });
});
