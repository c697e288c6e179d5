import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { SINKS, visibleLines, writePayments, writeSql } from '../kill/workload.ts';
import { type FakeS3, startFakeS3 } from '../support/fake-s3.ts';

const CLI = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const ROWS = 60_000;

describe('run with checkpoints on S3', () => {
  let root = '';
  let server: FakeS3;
  beforeEach(async () => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-cli-s3-'));
    server = await startFakeS3();
  });
  afterEach(async () => {
    await server.close();
    fs.rmSync(root, { recursive: true });
  });

  /** Creates a directory with only the query and its input, like a new machine. */
  function machine(name: string): string {
    const directory = path.join(root, name);
    fs.mkdirSync(directory);
    writePayments(path.join(directory, 'payments.jsonl'), ROWS, 7);
    return writeSql(directory);
  }

  function start(sql: string, ...flags: string[]): { child: ChildProcess; ended: Promise<[number | null, string]> } {
    const child = spawn(process.execPath, [CLI, 'run', sql, ...flags], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test-secret' },
    });
    let errors = '';
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    return { child, ended: new Promise((resolve) => child.on('exit', (code) => resolve([code, errors]))) };
  }

  const onS3 = (interval: string): string[] => [
    ...['--checkpoint-dir', 's3://bucket/jobs', '--checkpoint-interval', interval],
    ...['--set', `s3.endpoint=${server.endpoint}`, '--set', 's3.path-style-access=true'],
  ];
  const linesOf = (sql: string, sink: string): readonly string[] => visibleLines(path.join(path.dirname(sql), sink));

  it('continues on an empty machine from the bucket alone, with the same rows', async () => {
    const plain = machine('plain');
    assert.equal((await start(plain).ended)[0], 0);

    const first = machine('first');
    const { child, ended } = start(first, ...onS3('20ms'), '--batch-rows', '16');
    // A claim and a checkpoint.
    while (![...server.objects.keys()].some((key) => key.endsWith('/log/000000000002'))) {
      assert.equal(child.exitCode, null, 'it ended before its first checkpoint');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    child.kill('SIGTERM');
    const [code, errors] = await ended;
    assert.equal(code, 0, errors);

    const second = machine('second');
    const [end, report] = await start(second, ...onS3('10s')).ended;
    assert.equal(end, 0, report);
    assert.match(report, /resumes from checkpoint/);
    for (const sink of SINKS) {
      assert.deepEqual([...linesOf(first, sink), ...linesOf(second, sink)], linesOf(plain, sink), sink);
    }
  });

  it('ends with the store’s answer when it cannot be used, and names a place that is none', async () => {
    const sql = machine('lonely');
    const nobody = ['--checkpoint-dir', 's3://bucket/jobs', '--set', 's3.endpoint=http://127.0.0.1:9'];
    const [code, errors] = await start(sql, ...nobody, '--set', 's3.path-style-access=true').ended;
    assert.equal(code, 1);
    assert.match(errors, /CHECKPOINT_STORE.*s3:\/\/bucket\/jobs\/[\w.]+\/probe\/.*ECONNREFUSED/);
    const [other, message] = await start(sql, '--checkpoint-dir', 'ftp://host/dir').ended;
    assert.equal(other, 2);
    assert.match(
      message,
      /ftp is not supported; give a directory, file:\/\/\/directory, s3:\/\/bucket\/prefix or hdfs:\/\/namenode\/directory/,
    );
  });
});
