import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/service-fixture.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');

interface Run {
  readonly child: ChildProcess;
  out: string;
  err: string;
  code: number | null | undefined;
}

describe('sequitur serve', () => {
  let directory: string;
  let first: Run;
  const started: Run[] = [];

  function serve(...flags: string[]): Run {
    const child = spawn(process.execPath, [CLI, 'serve', ...flags], { cwd: directory });
    const run: Run = { child, out: '', err: '', code: undefined };
    child.stdout.on('data', (chunk: Buffer) => {
      run.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      run.err += chunk.toString();
    });
    child.on('exit', (code) => {
      run.code = code;
    });
    started.push(run);
    return run;
  }
  const address = (run: Run): string | undefined => /running at (http:\S+)\n/.exec(run.out)?.[1];
  const ended = async (run: Run): Promise<number | null> => {
    await until('the end', () => run.code !== undefined, 30_000);
    return run.code!;
  };

  before(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-serve-'));
    first = serve();
    await until('the address', () => address(first) !== undefined, 30_000);
  });
  after(() => {
    for (const { child } of started) child.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });

  it('prints its address, watches patterns/ and logs JSON', async () => {
    fs.writeFileSync(path.join(directory, 'in.jsonl'), '{"id":1}\n{"id":2}\n');
    fs.writeFileSync(
      path.join(directory, 'patterns/copy.sql'),
      `CREATE TABLE a (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../in.jsonl', 'format' = 'json');
       CREATE TABLE b (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../out', 'format' = 'json');
       INSERT INTO b SELECT id FROM a;`,
    );
    await until('the pattern has run', () => first.err.includes('"state":"FINISHED"'));
    const jobs = (await (await fetch(`${address(first)}/v1/jobs`)).json()) as {
      jobs: { id: string; rowsOut: number }[];
    };
    assert.deepEqual(
      jobs.jobs.map((j) => [j.id, j.rowsOut]),
      [['copy.b', 2]],
    );
    for (const line of first.err.trim().split('\n')) assert.ok('msg' in (JSON.parse(line) as object));
    assert.ok(fs.existsSync(path.join(directory, '.sequitur/service.sqlite')));
  });

  it('refuses what cannot work, each with one clear line', async () => {
    const port = new URL(address(first)!).port;
    fs.writeFileSync(path.join(directory, 'token'), 'x'.repeat(40), { mode: 0o644 });
    const cases: [code: number, message: RegExp, flags: string[]][] = [
      [1, /data directory .* is in use by process/, []],
      [2, /port \d+ of 127\.0\.0\.1 is taken/, ['--data-dir', 'other-1', '--port', port]],
      [2, /give a token/, ['--data-dir', 'other-2', '--host', '0.0.0.0']],
      [2, /chmod 600/, ['--data-dir', 'other-3', '--token-file', 'token']],
      [2, /there is no folder nowhere/, ['--data-dir', 'other-4', '--patterns', 'nowhere']],
      [2, /did you mean `state\.memory`/, ['--data-dir', 'other-5', '--set', 'state.memry=1 gb']],
      [2, /--restore is for `run`/, ['--data-dir', 'other-6', '--restore', '3']],
      [
        2,
        /execution\.checkpointing\.dir is for `run`/,
        ['--data-dir', 'other-6', '--set', 'execution.checkpointing.dir=elsewhere'],
      ],
    ];
    for (const [code, message, flags] of cases) {
      const run = serve(...flags);
      assert.equal(await ended(run), code, flags.join(' '));
      const lines = run.err.split('\n').filter((line) => line.startsWith('error['));
      assert.equal(lines.length, 1, run.err);
      assert.match(lines[0]!, message);
    }
  });

  it('starts and stops with a named pipe in the folder of patterns, and reports it', async () => {
    fs.mkdirSync(path.join(directory, 'piped'));
    execFileSync('mkfifo', [path.join(directory, 'piped/pipe.sql')]);
    const run = serve('--data-dir', 'data-of-piped', '--patterns', 'piped');
    await until('the address', () => address(run) !== undefined, 30_000);
    await until('the refusal', () => run.err.includes('pipe.sql is a named pipe, not a file'));
    const { patterns } = (await (await fetch(`${address(run)}/v1/patterns`)).json()) as {
      patterns: { name: string; state: string }[];
    };
    assert.deepEqual(
      patterns.map(({ name, state }) => [name, state]),
      [['pipe', 'broken']],
    );
    run.child.kill('SIGTERM');
    assert.equal(await ended(run), 0);
  });

  it('ends with 0 when it is asked to, and comes back with its jobs', async () => {
    first.child.kill('SIGTERM');
    assert.equal(await ended(first), 0);
    const again = serve();
    await until('the address', () => address(again) !== undefined, 30_000);
    await until('the job that had finished', () => again.err.includes('"state":"FINISHED"'));
    assert.equal(fs.readdirSync(path.join(directory, 'out')).length, 1);
    again.child.kill('SIGINT');
    assert.equal(await ended(again), 0);
  });
});
