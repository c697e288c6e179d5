/**
 * Runs the recorded cases of all sweeps. Each case runs directly, and one in five also in one mode
 * of the golden matrix. A difference that is kept needs an entry with its reason in
 * `<family>/differences.ts`.
 */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { loadCase } from '../../src/service/golden/golden-case.ts';
import { MATRIX, runGoldenCase, STRAIGHT } from '../../src/service/golden/golden-run.ts';
import { keptDifference } from './differences.ts';
import { FAMILIES } from './families.ts';
import { readFamily, type SweepCase, writeCase } from './sweep-case.ts';

const GROUP = 50;
/** The settings of a family, which the oracle does not have. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  portable: { 'sequitur.sql.level': 'portable' },
};

let root = '';
before(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-sweeps-'));
});
after(() => fs.rmSync(root, { recursive: true, force: true }));

for (const family of FAMILIES.keys()) {
  describe(`sweep ${family}`, () => {
    const cases = readFamily(family);
    it('has different names', () => assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length));
    for (let from = 0; from < cases.length; from += GROUP) {
      const group = cases.slice(from, from + GROUP);
      it(`${from} to ${from + group.length - 1}`, async () => {
        const failures: string[] = [];
        for (const [i, recorded] of group.entries()) failures.push(...(await differences(family, recorded, from + i)));
        assert.deepEqual(failures, []);
      });
    }
  });
}

async function differences(family: string, recorded: SweepCase, number: number): Promise<readonly string[]> {
  const directory = path.join(root, `${family}-${number}`);
  writeCase(recorded, directory);
  const settings = SETTINGS[family] ?? {};
  const golden = { ...loadCase(directory)!, settings };
  const found: string[] = [];
  const kept = keptDifference(family, recorded);
  for (const mode of number % 5 === 0 ? [STRAIGHT, MATRIX[number % MATRIX.length]!] : [STRAIGHT]) {
    const { failure } = await runGoldenCase(golden, mode);
    if (failure !== null && kept === null) found.push(`${recorded.name}, ${mode.name}: ${failure}`);
    if (failure === null && kept !== null)
      found.push(`${recorded.name}, ${mode.name}: the kept difference is gone: ${kept}`);
  }
  return found;
}
