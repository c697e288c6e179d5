import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const cli = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');

test('a case without input or expected rows fails, and --update records the rows', (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'test-command-'));
  t.after(() => fs.rmSync(directory, { recursive: true, force: true }));
  const sequitur = (...args: string[]) => spawnSync(process.execPath, [cli, 'test', ...args], { encoding: 'utf8' });
  const write = (name: string, content: string): void => {
    const file = path.join(directory, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
  };
  const sql = `CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT id FROM t;`;
  write('recorded/q.sql', sql);
  write('recorded/input/t.jsonl', '{"id":1}\n');
  write('without-input/q.sql', sql);
  write('without-input/expected/result.jsonl', '{"op":"+I","row":{"id":1}}\n');

  const first = sequitur(directory);
  assert.equal(first.status, 1);
  assert.match(first.stdout, /expected\/ has no rows to compare: `sequitur test --update .*recorded` records/);
  assert.match(first.stdout, /input\/ is missing/);
  assert.match(first.stdout, /0 of 2 cases passed/);

  const recorded = path.join(directory, 'recorded');
  assert.equal(sequitur('--update', recorded).status, 0);
  assert.equal(sequitur(recorded).status, 0);
  fs.writeFileSync(path.join(recorded, 'input/t.jsonl'), '{"id":2}\n');
  assert.equal(sequitur(recorded).status, 1);
});
