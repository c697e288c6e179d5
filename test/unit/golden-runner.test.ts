/**
 * Tests that the golden runner fails when it must: wrong rows, missing rows, wrong order, a missing
 * refusal.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { type GoldenCase, loadCase } from '../../src/service/golden/golden-case.ts';
import { difference } from '../../src/service/golden/golden-compare.ts';
import { MATRIX, runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';

const directory = path.join(import.meta.dirname, '../golden/sql/groupagg/count-sum');
const golden = loadCase(directory) as GoldenCase;
const lines = golden.expected.get('result')!;

describe('golden runner', () => {
  it('fails on a changed row, in every mode', async () => {
    const wrong: GoldenCase = { ...golden, expected: new Map([['result', lines.replace('"n":4', '"n":5')]]) };
    for (const mode of [STRAIGHT, ...MATRIX])
      assert.match((await runGoldenCase(wrong, mode)).failure ?? '', /expected .* got/);
  });
  it('fails on a missing row', async () => {
    const fewer: GoldenCase = { ...golden, expected: new Map([['result', lines.split('\n').slice(1).join('\n')]]) };
    assert.match((await runGoldenCase(fewer, STRAIGHT)).failure ?? '', /rows instead of/);
  });
  it('fails when a text that must be refused runs', async () => {
    const refused: GoldenCase = { ...golden, error: { stage: 'validate' } };
    assert.match((await runGoldenCase(refused, STRAIGHT)).failure ?? '', /must be refused/);
  });
  it('compares order if requested, and floats within rounding', () => {
    const a = '{"op":"+I","row":{"v":1}}';
    const b = '{"op":"+I","row":{"v":2}}';
    assert.equal(difference([a, b], [b, a], 'multiset'), null);
    assert.notEqual(difference([a, b], [b, a], 'ordered'), null);
    const x = '{"op":"+I","row":{"v":6.250000000000001}}';
    assert.equal(difference([x], [x.replace('001}', '002}')], 'ordered'), null);
    assert.equal(difference(['{"op":"+I","row":{"v":100.00}}'], ['{"op":"+I","row":{"v":1E+2}}'], 'ordered'), null);
    assert.equal(difference([a, '{"op":"-D","row":{"v":1}}', b], [b], 'final'), null);
  });
});
