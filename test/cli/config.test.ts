import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';

const main = process.env['SEQUITUR_TEST_CLI'] ?? path.join(import.meta.dirname, '../../src/cli/main.ts');
const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'config-cli-'));
after(() => fs.rmSync(directory, { recursive: true }));

function sequitur(args: readonly string[], environment: Record<string, string> = {}) {
  const env = { ...process.env, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env,
    timeout: 20_000,
  });
  return { status, stdout, stderr };
}

interface Shown {
  readonly key: string;
  readonly value: string | null;
  readonly origin: string;
}

test('config prints every setting with its value and origin', () => {
  const file = path.join(directory, 'sequitur.conf');
  fs.writeFileSync(file, 'state.memory: 128 mb\nrestart-strategy.type: fixed-delay\n');
  const { status, stdout } = sequitur(['config', '--config', file, '--set', 's3.region=eu'], {
    SEQUITUR_RESTART_STRATEGY_TYPE: 'failure-rate',
  });
  assert.equal(status, 0);
  const { settings } = JSON.parse(stdout) as { settings: Shown[] };
  const shown = (key: string) => settings.find((each) => each.key === key)!;
  assert.deepEqual([shown('state.memory').value, shown('state.memory').origin], ['128 mb', 'file']);
  assert.deepEqual(
    [shown('restart-strategy.type').value, shown('restart-strategy.type').origin],
    ['failure-rate', 'environment'],
  );
  assert.deepEqual([shown('s3.region').value, shown('s3.region').origin], ['eu', 'flag']);
  assert.deepEqual(
    [shown('execution.checkpointing.interval').value, shown('execution.checkpointing.interval').origin],
    [null, 'default'],
  );
  const service = JSON.parse(sequitur(['config', '--service', 'checkpointing.interval']).stdout) as {
    settings: Shown[];
  };
  assert.deepEqual(
    service.settings.map(({ key, value }) => [key, value]),
    [['execution.checkpointing.interval', '10 s']],
  );
});

test('config refuses settings that a start refuses', () => {
  const unknown = sequitur(['config', '--set', 'state.memry=1gb']);
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /CONFIG_UNKNOWN_OPTION.*unknown setting 'state\.memry'; did you mean/);
  const memory = sequitur(['config', '--set', 'state.memory=9000 gb']);
  assert.equal(memory.status, 2);
  assert.match(memory.stderr, /CONFIG_CONTRADICTION.*state\.memory is .* but (this machine|the control group)/);
});

test('run takes settings from file and environment, and SET takes precedence', () => {
  const sql = path.join(directory, 'job.sql');
  const table = `'connector' = 'filesystem', 'path' = 'rows.jsonl', 'format' = 'json'`;
  const statement = `CREATE TABLE t (x TIMESTAMP_LTZ(3)) WITH (${table});\nSELECT CAST(x AS STRING) AS text FROM t;\n`;
  fs.writeFileSync(path.join(directory, 'rows.jsonl'), '{"x":"2026-01-01 00:00:00Z"}\n');
  fs.writeFileSync(sql, statement);
  const utc = sequitur(['run', sql, '--output', 'jsonl']);
  const moved = sequitur(['run', sql, '--output', 'jsonl'], { SEQUITUR_TABLE_LOCAL_TIME_ZONE: 'Asia/Tokyo' });
  assert.equal(moved.status, 0, moved.stderr);
  assert.notEqual(moved.stdout, utc.stdout);
  fs.writeFileSync(sql, `SET 'table.local-time-zone' = 'UTC';\n${statement}`);
  const set = sequitur(['run', sql, '--output', 'jsonl'], { SEQUITUR_TABLE_LOCAL_TIME_ZONE: 'Asia/Tokyo' });
  assert.equal(set.stdout, utc.stdout);
  const refused = sequitur(['run', sql], { SEQUITUR_STATE_MEMORY: '9000 gb' });
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /CONFIG_CONTRADICTION/);
});
