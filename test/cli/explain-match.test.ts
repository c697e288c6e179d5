/**
 * Tests `sequitur explain-match` as a separate process: output for programs, exit codes, mistakes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const golden = path.join(import.meta.dirname, '../golden/why-not');
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-cli-explain-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

function sequitur(...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', cwd: root, timeout: 20_000 });
  assert.doesNotMatch(run.stderr, /\n\s+at .*:\d+:\d+\)?/, 'never a stack trace at a user');
  return { code: run.status, out: run.stdout, err: run.stderr };
}

describe('sequitur explain-match', () => {
  const strict = path.join(golden, 'strict-sequence', 'query.sql');

  it('gives JSON to a program, for the key and the times asked for', () => {
    const { code, out } = sequitur(
      ...[
        'explain-match',
        strict,
        'alerts',
        '--key',
        'c1',
        '--from',
        '2026-01-01 10:01:00',
        '--to',
        '2026-01-01 10:01:10',
      ],
    );
    assert.equal(code, 0);
    const answer = JSON.parse(out) as { between: string[]; attempts: { first: { time: string } }[]; late: unknown[] };
    assert.deepEqual(answer.between, ['2026-01-01 10:01:00', '2026-01-01 10:01:10']);
    assert.deepEqual(
      answer.attempts.map(({ first }) => first.time),
      ['2026-01-01 10:01:00', '2026-01-01 10:01:10'],
    );
    assert.deepEqual(answer.late, []);
  });

  it('is what EXPLAIN MATCH in a text gives', () => {
    const [wanted] = JSON.parse(fs.readFileSync(path.join(golden, 'strict-sequence', 'expected.json'), 'utf8')) as [
      unknown,
    ];
    assert.deepEqual(JSON.parse(sequitur('run', strict).out), wanted);
    assert.deepEqual(JSON.parse(sequitur('explain-match', strict, 'alerts', '--key', 'c1').out), wanted);
  });

  it('takes NULL as a key, and the name of one of several patterns', () => {
    const keys = path.join(golden, 'keys-of-all-types', 'query.sql');
    const nulls = Array.from({ length: 8 }, () => 'NULL');
    const { out } = sequitur('explain-match', keys, 'v', '--key', ...nulls);
    assert.equal((JSON.parse(out) as { rows: number }).rows, 2);

    const two = path.join(golden, 'two-patterns', 'query.sql');
    const { code, err } = sequitur('explain-match', two, '--key', 'c1');
    assert.equal(code, 2);
    const names = [...err.matchAll(/^ {2}(\S+) {2}PATTERN \((.*)\)$/gm)];
    assert.equal(names.length, 3);
    for (const [, name, pattern] of names) {
      const answer = JSON.parse(sequitur('explain-match', two, name!, '--key', 'c1').out) as { pattern: string };
      assert.equal(answer.pattern, pattern);
    }
  });

  it('says what is wrong, with exit code 2', () => {
    const unknown = sequitur('explain-match', strict, 'alrets', '--key', 'c1');
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /error\[SQL_UNKNOWN_TABLE\].*`alrets`[\s\S]*did you mean `alerts`/);
    assert.match(sequitur('explain-match', strict, 'alerts').err, /FOR KEY needs one value: .* PARTITION BY card/);
    assert.match(
      sequitur('explain-match', strict, 'alerts', '--key', 'c1', '--from', '2026-01-01').err,
      /--from and --to/,
    );

    const key = sequitur('explain-match', strict, 'alerts', '--key', 'c1', '--from', 'noon', '--to', '2026-01-01');
    assert.equal(key.code, 2);
    assert.match(key.err, /^error\[SQL_INVALID_ARGUMENT\]: a time of BETWEEN must be TIMESTAMP\(3\)/m);
    assert.doesNotMatch(key.err, /EXPLAIN MATCH|query\.sql:/, 'the flags are no line of the file');

    const endless = path.join(root, 'endless.sql');
    const text = fs.readFileSync(strict, 'utf8').replace(/EXPLAIN MATCH.*/, '');
    fs.writeFileSync(
      endless,
      text.replace("'format' = 'json'", "'format' = 'json', 'source.monitor-interval' = '1 s'"),
    );
    const { code, err } = sequitur('explain-match', endless, 'alerts', '--key', 'c1');
    assert.equal(code, 2);
    assert.match(err, /SQL_INVALID_STATEMENT.*`payments` never ends/);
  });
});
