import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { readConfiguration, variableOf } from '../../../src/config/configuration.ts';
import { memoryAvailable, refuseContradictions, refuseMemoryBeyond } from '../../../src/config/contradictions.ts';
import { problemWith } from '../../../src/core/setting-types.ts';
import { SETTINGS } from '../../../src/core/settings.ts';

function withFile<T>(text: string, use: (file: string) => T): T {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'config-')), 'sequitur.conf');
  fs.writeFileSync(file, text);
  try {
    return use(file);
  } finally {
    fs.rmSync(path.dirname(file), { recursive: true });
  }
}

describe('settings', () => {
  it('have defaults that are values of their types, and do not contradict each other', () => {
    for (const { key, type, default: normal, serviceDefault } of SETTINGS) {
      for (const value of [normal, serviceDefault ?? null]) {
        if (value !== null) assert.equal(problemWith(type, value), null, key);
      }
    }
    refuseContradictions({});
    refuseContradictions(Object.fromEntries(SETTINGS.flatMap((s) => (s.default === null ? [] : [[s.key, s.default]]))));
  });

  it('have variables of the environment of their own', () => {
    const names = SETTINGS.map(({ key }) => variableOf(key));
    assert.equal(new Set(names).size, names.length);
    assert.equal(variableOf('execution.checkpointing.min-pause'), 'SEQUITUR_EXECUTION_CHECKPOINTING_MIN_PAUSE');
    assert.equal(variableOf('sequitur.match.on-limit'), 'SEQUITUR_MATCH_ON_LIMIT');
  });

  it('come from the flag, else the environment, else the file, else the default', () =>
    withFile("# for all\nstate.memory: 1gb # much\npipeline.name: 'a # b'\n\ns3.region: eu\n", (file) => {
      const { base, fixed, originOf } = readConfiguration({ 's3.region': 'us' }, file, {
        SEQUITUR_STATE_MEMORY: '2gb',
        SEQUITUR_DEBUG: '1',
        PATH: '/bin',
      });
      assert.deepEqual(base, { 'state.memory': '2gb', 'pipeline.name': "'a", 's3.region': 'eu' });
      assert.deepEqual(fixed, { 's3.region': 'us' });
      assert.deepEqual(['s3.region', 'state.memory', 'pipeline.name', 's3.endpoint'].map(originOf), [
        'flag',
        'environment',
        'file',
        'default',
      ]);
    }));

  it('are read from the file that the environment names', () =>
    withFile('state.memory: "512 mb"\n', (file) => {
      const { base } = readConfiguration({}, undefined, { SEQUITUR_CONFIG: file });
      assert.deepEqual(base, { 'state.memory': '512 mb' });
    }));

  it('are refused where they are unknown or malformed', () => {
    assert.throws(
      () => readConfiguration({}, undefined, { SEQUITUR_STATE_MEMROY: '1gb' }),
      /SEQUITUR_STATE_MEMROY of the environment is no setting; did you mean .*SEQUITUR_STATE_MEMORY/,
    );
    const read = (text: string) => () => withFile(text, (file) => readConfiguration({}, file, {}));
    assert.throws(read('state.memory 1gb\n'), /line 1, must have the form/);
    assert.throws(read('s3.region: a\ns3.region: b\n'), /line 2, sets 's3.region' a second time/);
    assert.throws(() => readConfiguration({}, '/nowhere/x.conf', {}), /cannot read \/nowhere\/x\.conf/);
  });

  it('are refused where they contradict each other', () => {
    const refused = (settings: Record<string, string>, reason: RegExp): void =>
      assert.throws(() => refuseContradictions(settings), reason);
    const checkpointing = 'execution.checkpointing.';
    refused({ [`${checkpointing}num-retained`]: '0' }, /at least one/);
    refused({ [`${checkpointing}min-pause`]: '11 min' }, /min-pause is longer than .*timeout: 11 min and 10 min/);
    refused({ [`${checkpointing}min-pause`]: '2 s', [`${checkpointing}timeout`]: '1 s' }, /min-pause is longer/);
    refused({ [`${checkpointing}interval`]: '0' }, /interval must be longer than 0/);
    refused({ [`${checkpointing}timeout`]: '0 s' }, /timeout must be longer than 0/);
    refused({ 'restart-strategy.exponential-delay.initial-backoff': '2 min' }, /initial-backoff is longer than/);
    refused({ 'restart-strategy.failure-rate.failure-rate-interval': '0' }, /failure-rate-interval/);
    assert.match(problemWith({ kind: 'fraction' }, '1.5')!, /between 0 and 1/);
  });

  it('give no more memory than there is', () => {
    const available = { bytes: 1 << 30, of: 'the control group of this process' } as const;
    refuseMemoryBeyond(1 << 30, available);
    assert.throws(
      () => refuseMemoryBeyond(2 ** 31, available),
      /CONFIG_CONTRADICTION|state\.memory is 2,?048.*control group of this process has 1,?024/,
    );
    assert.ok(memoryAvailable().bytes <= os.totalmem());
  });
});
