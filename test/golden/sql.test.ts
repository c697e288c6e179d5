/**
 * Runs the recorded SQL cases and the shipped patterns. Each case runs normally and in one more
 * mode of the matrix, and all modes are used. `.ci/run` runs the whole matrix
 * (`sequitur test --matrix test/golden/sql patterns`).
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { describe, it } from 'node:test';
import { findCases } from '../../src/service/golden/golden-case.ts';
import { MATRIX, runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';

const root = path.join(import.meta.dirname, '../..');
const cases = findCases([path.join(import.meta.dirname, 'sql'), path.join(root, 'patterns')]);

describe('golden SQL', () => {
  it('has cases', () => assert.ok(cases.length > 190, `${cases.length} cases`));
  cases.forEach((golden, i) => {
    for (const mode of [STRAIGHT, MATRIX[i % MATRIX.length]!]) {
      it(`${golden.name}, ${mode.name}`, async () => {
        const { failure } = await runGoldenCase(golden, mode);
        assert.equal(failure, null);
      });
    }
  });
});
