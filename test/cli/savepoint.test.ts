import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { until } from '../support/service-fixture.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const JOB = 'copy.b';

describe('sequitur savepoint', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-savepoint-'));
  const token = path.join(directory, 'token');
  let service: ChildProcess;
  let url = '';

  before(async () => {
    fs.mkdirSync(path.join(directory, 'patterns'));
    fs.writeFileSync(path.join(directory, 'in.jsonl'), '{"id":1}\n{"id":2}\n');
    fs.writeFileSync(token, 'a-secret-of-some-length\n', { mode: 0o600 });
    fs.writeFileSync(
      path.join(directory, 'patterns/copy.sql'),
      `CREATE TABLE a (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../in.jsonl', 'format' = 'json', 'source.monitor-interval' = '20 ms');
       CREATE TABLE b (id BIGINT) WITH ('connector' = 'filesystem', 'path' = '../out', 'format' = 'json');
       INSERT INTO b SELECT id FROM a;`,
    );
    service = spawn(process.execPath, [CLI, 'serve', '--token-file', token], { cwd: directory });
    let out = '';
    service.stdout!.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    await until('the address', () => /running at (http:\S+)\n/.test(out), 30_000);
    url = /running at (http:\S+)\n/.exec(out)![1]!;
    const state = async (): Promise<string> => {
      const response = await fetch(`${url}/v1/jobs/${JOB}`, {
        headers: { authorization: 'Bearer a-secret-of-some-length' },
      });
      return ((await response.json()) as { state?: string }).state ?? '';
    };
    // A busy machine may take long to compile the pattern.
    const patience = Date.now() + 60_000;
    while ((await state()) !== 'RUNNING') {
      assert.ok(Date.now() < patience, 'the job does not run');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  after(() => {
    service.kill('SIGKILL');
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function sequitur(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(process.execPath, [CLI, 'savepoint', ...args], { cwd: directory });
    const text = { out: '', err: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      text.out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      text.err += chunk.toString();
    });
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, ...text };
  }
  const ask = (...args: string[]) => sequitur(...args, '--url', url, '--token-file', token);
  const names = async (): Promise<string[]> => {
    const { savepoints } = JSON.parse((await ask('list', JOB)).out) as {
      savepoints: { name: string; state: string }[];
    };
    return savepoints.map(({ name, state }) => `${name} ${state}`);
  };

  it('takes, lists, stops with one, goes back, deletes, drains', async () => {
    const taken = await ask('take', JOB, 'first');
    assert.equal(taken.code, 0, taken.err);
    assert.equal((JSON.parse(taken.out) as { state: string }).state, 'COMPLETED');
    const again = await ask('take', JOB, 'first');
    assert.deepEqual([again.code, again.out], [2, '']);
    assert.match(again.err, /^error\[SAVEPOINT_EXISTS\]/);
    assert.equal((await ask('stop', JOB, 'second')).code, 0);
    assert.deepEqual(await names(), ['first COMPLETED', 'second COMPLETED']);
    assert.match((await ask('take', JOB)).err, /^error\[JOB_NOT_RUNNING\]/);
    const back = await ask('restore', JOB, 'first');
    assert.equal(back.code, 0, back.err);
    assert.equal((await ask('delete', JOB, 'second')).code, 0);
    assert.deepEqual(await names(), ['first COMPLETED']);
    const drained = JSON.parse((await ask('stop', JOB, 'end', '--drain')).out) as { drained: boolean };
    assert.equal(drained.drained, true);
  });

  it('says who does not answer, and what is refused', async () => {
    const nobody = await sequitur('list', JOB, '--url', 'http://127.0.0.1:2');
    assert.equal(nobody.code, 1);
    assert.match(
      nobody.err,
      /^error\[SERVICE_UNREACHABLE\]: no service answers at http:\/\/127\.0\.0\.1:2: .*ECONNREFUSED/,
    );
    assert.match((await sequitur('list', JOB, '--url', url)).err, /^error\[HTTP_UNAUTHORIZED\]/);
    assert.match((await ask('list', 'nothing')).err, /^error\[JOB_NOT_FOUND\]/);
    assert.match((await ask('delete', JOB, 'nothing')).err, /^error\[CHECKPOINT_NOT_FOUND\]/);
    assert.match(
      (await sequitur('list', JOB, '--url', 'localhost')).err,
      /^error\[CONFIG_USAGE\]: --url 'localhost' must be an address/,
    );
    assert.match((await sequitur('stop', '--help')).out, /--drain/);
  });
});
