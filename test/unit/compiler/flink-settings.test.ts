/**
 * Tests the settings of Flink. One that could change rows is refused by name. One that cannot gets
 * a warning. An unknown one is never accepted.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settingsWithoutEffect } from '../../../src/compiler/flink-settings.ts';
import { checkSetting } from '../../../src/compiler/settings.ts';

const REFUSED: readonly (readonly [key: string, value: string])[] = [
  ['execution.runtime-mode', 'batch'],
  ['execution.runtime-mode', 'automatic'],
  ['execution.state-recovery.path', '/savepoints/1'],
  ['pipeline.jars', 'functions.jar'],
  ['table.builtin-catalog-name', 'other'],
  ['table.column-expansion-strategy', 'EXCLUDE_DEFAULT_VIRTUAL_METADATA_COLUMNS'],
  ['table.exec.emit.allow-lateness', '1 h'],
  ['table.exec.emit.early-fire.delay', '1 s'],
  ['table.exec.emit.early-fire.enabled', 'true'],
  ['table.exec.emit.late-fire.delay', '1 s'],
  ['table.exec.emit.late-fire.enabled', 'true'],
  ['table.exec.legacy-cast-behaviour', 'ENABLED'],
  ['table.exec.sink.nested-constraint-enforcer', 'ERROR'],
  ['table.exec.sink.not-null-enforcer', 'DROP'],
  ['table.exec.sink.type-length-enforcer', 'TRIM_PAD'],
  ['table.exec.sort.default-limit', '10'],
  ['table.exec.source.cdc-events-duplicate', 'true'],
  ['table.exec.state.ttl', '1 h'],
  ['table.legacy-nested-row-nullability', 'true'],
  ['table.sql-dialect', 'hive'],
];

for (const [key, value] of REFUSED) {
  test(`'${key}' = '${value}' is refused by name`, () => {
    const problem = checkSetting(key, value);
    assert.equal(problem?.severity, 'error');
    assert.equal(problem.code, 'CONFIG_INVALID_OPTION');
    assert.ok(problem.message.includes(`'${key}'`), problem.message);
    assert.match(problem.message, /is not supported/);
  });
}

test('the value that Flink has by default is accepted', () => {
  for (const [key, value] of [
    ['execution.runtime-mode', 'STREAMING'],
    ['table.exec.emit.early-fire.enabled', 'false'],
    ['table.exec.emit.allow-lateness', '0 s'],
    ['table.exec.sink.not-null-enforcer', 'ERROR'],
    ['table.sql-dialect', 'default'],
  ] as const)
    assert.equal(checkSetting(key, value), null, key);
});

test('a setting about the cluster or the speed gets a warning; a misspelled one is unknown', () => {
  const keys = settingsWithoutEffect();
  assert.ok(keys.length > 250, `${keys.length}`);
  assert.ok(keys.includes('table.exec.mini-batch.enabled') && keys.includes('taskmanager.numberOfTaskSlots'));
  for (const key of keys) {
    assert.equal(checkSetting(key, '1')?.severity, 'warning', key);
    for (const other of [`${key}x`, `${key}.x`, key.replace('.', '.x'), key.toUpperCase()]) {
      const problem = checkSetting(other, '1');
      assert.equal(problem?.severity, 'error', other);
      assert.equal(problem.code, 'CONFIG_UNKNOWN_OPTION', other);
    }
  }
});

test('an option of a table is no setting, and the message says where it belongs', () => {
  const problem = checkSetting('scan.watermark.idle-timeout', '1 s');
  assert.equal(problem?.severity, 'error');
  assert.equal(problem.hint, "it is an option of a table: WITH (…, 'scan.watermark.idle-timeout' = '1 s')");
});
