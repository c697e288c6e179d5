/**
 * Compares the state that `check` reports for a pattern of the SQL standard with the state of runs.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EngineError } from '../../../src/core/engine-error.ts';
import type { Expression } from '../../../src/plan/expression.ts';
import { standardBound } from '../../../src/plan/standard-bound.ts';
import { patternVariables } from '../../../src/plan/walk-pattern.ts';
import { SeededRandom } from '../../fuzz/seeded-random.ts';
import { runMatcher } from '../../unit/engine/match/standard/matcher-fixture.ts';
import { matchNode, type TestRow } from '../../unit/engine/operators/match-harness.ts';
import { randomCondition } from './random-condition.ts';
import { randomPattern } from './random-pattern.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_124);
const CASES = Number(process.env['CASES'] ?? 1500);

describe('the state bound of patterns with the SQL standard’s semantics', () => {
  it(`holds: ${CASES} cases of seed ${SEED}`, () => {
    let bounded = 0;
    for (let number = 0; number < CASES; number++) {
      const random = new SeededRandom(SEED, number);
      const { elements } = randomPattern(random, 2);
      const define: Record<string, Expression> = {};
      for (const name of patternVariables({ kind: 'sequence', elements })) {
        if (random.chance(0.6)) define[name] = randomCondition(random).expression;
      }
      const bound = standardBound(matchNode(elements, define, []));
      // conditions that read which variable took a row can distinguish 2ⁿ ways
      const rows = Array.from({ length: random.between(1, bound.threads === null ? 8 : 30) }, (_, i): TestRow => {
        return { id: i, k: null, kind: random.oneOf(['a', 'b', 'c']), v: random.below(5), ts: i + 1 };
      });
      const { threads, longest } = kept(elements, define, rows);
      if (bound.threads !== null) {
        bounded++;
        assert.ok(threads <= bound.threads, `case ${number}: ${threads} threads, at most ${bound.threads}`);
      }
      if (bound.rows !== null) assert.ok(longest <= bound.rows, `case ${number}: a match of ${longest} rows`);
    }
    assert.ok(bounded > CASES / 5, `only ${bounded} cases have a bound on threads`);
  });
});

function kept(
  elements: Parameters<typeof runMatcher>[0],
  define: Readonly<Record<string, Expression>>,
  rows: readonly TestRow[],
): { readonly threads: number; readonly longest: number } {
  try {
    const { threads, matches } = runMatcher(elements, define, rows);
    return { threads, longest: Math.max(0, ...matches.map((match) => (match === '' ? 0 : match.split(' ').length))) };
  } catch (error) {
    if (error instanceof EngineError) return { threads: 0, longest: 0 };
    throw error;
  }
}
