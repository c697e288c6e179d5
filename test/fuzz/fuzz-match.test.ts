import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';
import { writeSqlCase } from './case-sql.ts';
import { differenceInMatcher, differenceInOperator, randomModes } from './find-difference.ts';
import { randomCase } from './generate/random-case.ts';
import type { MatchCase } from './match-case.ts';
import { referenceOutput } from './reference/reference-output.ts';
import { referenceFindings } from './reference/reference-run.ts';
import { SeededRandom } from './seeded-random.ts';
import { shrinkCase } from './shrink-case.ts';

const SEED = 20_260_101;

/** Runs a few cases with a fixed seed. `npm run fuzz:match` is the large run. */
describe('fuzz:match', () => {
  it('the matcher and the reference have the same output', () => {
    for (let number = 0; number < 800; number++) {
      const difference = differenceInMatcher(randomCase(SEED, number, number % 4 === 3 ? 'portable' : 'cep'));
      assert.ok(difference === null || difference === 'too large', `case ${number}: ${difference}`);
    }
  });

  it('the operator and the reference have the same output, for any batches and kills', async () => {
    for (let number = 0; number < 150; number++) {
      const given = randomCase(SEED, number, number % 2 === 0 ? 'portable' : 'cep');
      const difference = await differenceInOperator(given, randomModes(new SeededRandom(SEED, -1 - number)));
      assert.ok(difference === null || difference === 'too large', `case ${number}: ${difference}`);
    }
  });

  it('loops with a counter have the same output', async () => {
    for (let number = 0; number < 300; number++) {
      const given = randomCase(SEED, number, 'counted');
      const difference = differenceInMatcher(given);
      assert.ok(difference === null || difference === 'too large', `case ${number}: ${difference}`);
      if (number % 6 > 0) continue;
      const inOperator = await differenceInOperator(given, randomModes(new SeededRandom(SEED, -1 - number)));
      assert.ok(inOperator === null || inOperator === 'too large', `case ${number}: ${inOperator}`);
    }
  });

  it('failures found before do not return', async () => {
    const kept = path.join(import.meta.dirname, 'kept');
    for (const file of fs.readdirSync(kept)) {
      const given = JSON.parse(fs.readFileSync(path.join(kept, file), 'utf8')) as MatchCase;
      assert.equal(differenceInMatcher(given), null, file);
      assert.equal(await differenceInOperator(given, randomModes(new SeededRandom(1))), null, file);
    }
  });

  it('shrinks a case to the parts that matter', async () => {
    const finds = (one: MatchCase) => referenceFindings(one).some((line) => /^row \d+: .*A=/.test(line));
    const cases = Array.from({ length: 20 }, (_, number) => randomCase(SEED, number, 'portable'));
    const given = cases.find((one) => one.pattern.elements.length > 2 && finds(one))!;
    const smallest = await shrinkCase(given, async (one) => finds(one));
    assert.equal(smallest.rows.length, 1);
    assert.equal(smallest.pattern.elements.length, 1);
    assert.deepEqual(smallest.conditions['A'], []);
  });

  it('writes a portable case as SQL that gives the same matches', async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-fuzz-'));
    try {
      for (let number = 0; number < 12; number++) {
        const given = randomCase(SEED, number, 'portable');
        const at = path.join(directory, String(number));
        writeSqlCase(given, at, 'test');
        const expected = referenceOutput(given);
        const golden = loadCase(at)!;
        const error = expected === null ? { stage: 'run' } : null;
        const { failure, actual } = await runGoldenCase({ ...golden, error }, STRAIGHT);
        assert.equal(failure, null);
        if (expected === null) continue;
        const matches = [...expected.values()].flat().filter((line) => line.startsWith('['));
        assert.equal(actual.get('result')!.length, matches.length, `case ${number}`);
      }
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  });
});
