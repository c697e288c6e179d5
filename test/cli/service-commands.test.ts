/**
 * Tests the commands for a running service as separate processes: jobs, stop, start, logs, and the
 * scripts for shells.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { jobLogText, jobsText } from '../../src/cli/output/jobs-text.ts';
import type { JobSummary } from '../../src/service/service-api.ts';
import { until } from '../support/service-fixture.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const JOB = 'copy.b';
const TOKEN = 'a-secret-of-some-length';

describe('the commands for the jobs of a service', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-service-commands-'));
  const token = path.join(directory, 'token');
  let service: ChildProcess;
  let url = '';

  before(async () => {
    fs.mkdirSync(path.join(directory, 'patterns'));
    fs.writeFileSync(path.join(directory, 'in.jsonl'), '{"id":1}\n{"id":2}\n');
    fs.writeFileSync(token, `${TOKEN}\n`, { mode: 0o600 });
    fs.writeFileSync(
      path.join(directory, 'patterns/copy.sql'),
      `CREATE TABLE a (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../in.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
       CREATE TABLE b (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../out', 'format' = 'json');
       INSERT INTO b SELECT id FROM a;`,
    );
    service = spawn(process.execPath, [CLI, 'serve', '--token-file', token, '--port', '0'], { cwd: directory });
    let out = '';
    service.stdout!.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await until('the address', () => /running at (http:\S+)\n/.test(out), 30_000);
    url = /running at (http:\S+)\n/.exec(out)![1]!;
    await reaches('RUNNING');
  });
  after(() => {
    service.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });

  function sequitur(...args: string[]): { code: number | null; out: string; err: string } {
    const run = spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8', cwd: directory, timeout: 30_000 });
    return { code: run.status, out: run.stdout, err: run.stderr };
  }
  const ask = (...args: string[]) => sequitur(...args, '--url', url, '--token-file', token);
  const jobs = () => (JSON.parse(ask('jobs').out) as { jobs: JobSummary[] }).jobs;

  async function reaches(state: string): Promise<void> {
    for (let n = 0; n < 200; n++) {
      const response = await fetch(`${url}/v1/jobs/${JOB}`, { headers: { authorization: `Bearer ${TOKEN}` } });
      if (((await response.json()) as { state?: string }).state === state) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`the job does not become ${state}`);
  }

  it('lists, stops and starts a job, and prints its log', async () => {
    assert.deepEqual(
      jobs().map(({ id, state }) => [id, state]),
      [[JOB, 'RUNNING']],
    );
    const stopped = ask('stop', JOB);
    assert.equal(stopped.code, 0, stopped.err);
    assert.notEqual((JSON.parse(stopped.out) as JobSummary).state, 'RUNNING');
    const started = ask('start', JOB);
    assert.equal(started.code, 0, started.err);
    assert.equal((JSON.parse(started.out) as JobSummary).state, 'RUNNING');
    const saved = ask('stop', JOB, '--savepoint', 'the-end');
    assert.equal((JSON.parse(saved.out) as { state: string; name: string }).name, 'the-end', saved.err);
    await reaches('FINISHED').catch(() => {});
    assert.equal(ask('start', JOB, '--savepoint', 'the-end').code, 0);
    ask('stop', JOB);
    const restored = ask('savepoint', 'restore', JOB, 'the-end');
    assert.equal(restored.code, 0, restored.err);
    assert.equal((JSON.parse(restored.out) as JobSummary).state, 'RUNNING');
    assert.equal((JSON.parse(ask('savepoint', JOB).out) as { state: string }).state, 'COMPLETED');
    const log = JSON.parse(ask('logs', JOB).out) as { entries: { message: string }[]; dropped: number };
    const states = log.entries.map(({ message }) => message).filter((message) => message.startsWith('state'));
    assert.ok(states.length >= 4, JSON.stringify(log));
    assert.equal(log.dropped, 0);
  });

  it('says what is missing', () => {
    for (const command of [['jobs'], ['stop', JOB], ['start', JOB], ['logs', JOB]]) {
      const nobody = sequitur(...command, '--url', 'http://127.0.0.1:2');
      assert.equal(nobody.code, 1);
      assert.match(nobody.err, /^error\[SERVICE_UNREACHABLE\]: .*`sequitur serve`, or give its address with --url/);
      assert.match(sequitur(...command, '--url', url).err, /^error\[HTTP_UNAUTHORIZED\]: .*--token-file FILE/);
    }
    for (const command of ['stop', 'start', 'logs']) assert.match(ask(command, 'no').err, /^error\[JOB_NOT_FOUND\]/);
  });
});

describe('text for a terminal', () => {
  it('has a line for each job and message', () => {
    const job: JobSummary = {
      ...{ id: 'a.b', state: 'RESTARTING', origin: 'a', createdAt: 0, startedAt: 0, endedAt: null, restarts: 1 },
      ...{ rowsIn: 1234, rowsOut: 5, lateRows: 0, malformedRows: 0, watermark: null, stateBytes: 2048 },
      failure: { code: 'JOB_FAILED', message: 'a reason' },
    };
    assert.match(jobsText([job]), /^job .*\na\.b {2}RESTARTING +1,234 +5 +0 +\S+.* 1\n {2}JOB_FAILED: a reason\n$/);
    assert.equal(jobsText([]), 'no jobs\n');
    const entries = [{ at: 0, level: 'warn', message: 'm' } as const];
    assert.equal(
      jobLogText({ entries, dropped: 3 }),
      '3 earlier messages are only in the log of the service\n1970-01-01T00:00:00.000Z  warn   m\n',
    );
  });
});

describe('sequitur completion', () => {
  const script = (shell: string): string =>
    spawnSync(process.execPath, [CLI, 'completion', shell], { encoding: 'utf8' }).stdout;

  it('completes commands, inner commands and options in bash', () => {
    const complete = (...words: string[]): string[] => {
      const text = `${script('bash')}\nCOMP_WORDS=(sequitur ${words.map((word) => `'${word}'`).join(' ')})
        COMP_CWORD=${words.length}\n_sequitur\nprintf '%s\\n' "\${COMPREPLY[@]}"`;
      const run = spawnSync('bash', ['-c', text], { encoding: 'utf8' });
      assert.equal(run.stderr, '');
      return run.stdout.trim().split('\n');
    };
    assert.deepEqual(complete('sta'), ['state', 'start']);
    assert.deepEqual(complete('savepoint', 're'), ['restore']);
    assert.deepEqual(complete('run', '--out'), ['--output']);
    assert.deepEqual(complete('stop', 'x', '--sa'), ['--savepoint']);
  });

  it('prints scripts for zsh and fish, and refuses other shells', () => {
    assert.match(script('zsh'), /^#compdef sequitur\n/);
    assert.match(script('fish'), /^complete -c sequitur -f -n '__fish_use_subcommand' -a run -d /);
    const other = spawnSync(process.execPath, [CLI, 'completion', 'csh'], { encoding: 'utf8' });
    assert.equal(other.status, 2);
    assert.match(other.stderr, /bash, zsh, fish/);
  });
});
