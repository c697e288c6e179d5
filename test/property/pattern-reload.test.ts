/**
 * Law: any pattern may be replaced by any other pattern while it runs. Each open partial match is
 * either kept or reported as dropped, and the new version continues.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { at, type PatternText, patternSql, ReloadBench } from '../support/reload-bench.ts';

const DEFINE = 'A AS v > 10, B AS v < 5, C AS v = 7 OR v = 30, D AS v BETWEEN 5 AND 10';
const VERSIONS: readonly PatternText[] = [
  "(A B) WITHIN INTERVAL '1' HOUR",
  "(A B C) WITHIN INTERVAL '1' HOUR",
  "(A D* B) WITHIN INTERVAL '10' SECOND",
  "(A{2} B) WITHIN INTERVAL '1' HOUR",
  "(A{4} B) WITHIN INTERVAL '1' HOUR",
  "(A+? D? B) WITHIN INTERVAL '20' SECOND",
  '(A FOLLOWED BY B)',
  '(A FOLLOWED BY C FOLLOWED BY B)',
  '(A FOLLOWED BY ANY B FOLLOWED BY C)',
  "(A NOT FOLLOWED BY B) WITHIN INTERVAL '15' SECOND",
  "(A FOLLOWED BY C NOT FOLLOWED BY B) WITHIN INTERVAL '30' SECOND",
  '(A FOLLOWED BY (C FOLLOWED BY D){2} FOLLOWED BY B)',
  "(A FOLLOWED BY B) WITHIN INTERVAL '5' SECOND PER STEP",
].flatMap((pattern): PatternText[] => [
  { pattern, define: DEFINE, measures: 'A.v AS a, LAST(B.v) AS b', delay: 2 },
  { pattern, define: DEFINE.replace('v > 10', 'v > 12'), measures: 'COUNT(A.v) AS a, A.w AS b', delay: 2 },
]);

const version = fc.constantFrom(...VERSIONS);
const skip = fc.constantFrom('AFTER MATCH SKIP TO NEXT ROW', 'AFTER MATCH SKIP PAST LAST ROW', 'AFTER MATCH NO SKIP');
const stage = fc.record({
  version: fc.tuple(version, skip).map(([text, after]): PatternText => ({ ...text, skip: after })),
  rows: fc.array(
    fc.record({
      k: fc.constantFrom('x', 'y', 'z'),
      v: fc.constantFrom(1, 4, 6, 7, 11, 15, 30),
      late: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
});

const RUNS = Number(process.env['SEQUITUR_PROPERTY_RUNS'] ?? 25);

test('every open partial match is kept or named', { timeout: 30_000 + RUNS * 2000 }, () =>
  fc.assert(
    fc.asyncProperty(fc.array(stage, { minLength: 2, maxLength: 4 }), async (stages) => {
      using bench = new ReloadBench();
      let second = 0;
      let open = 0;
      for (const [i, { version: text, rows }] of stages.entries()) {
        bench.feed(rows.map(({ k, v, late }) => ({ k, v, w: v * 2, ts: at(second++ - late) })));
        const sql = patternSql(text);
        const before = open;
        open = await bench.run(sql);
        const [reload] = bench.reloads;
        if (i === 0 || reload?.outcome === 'kept' || reload === undefined) continue;
        assert.equal(reload.outcome, 'carried', reload.reason ?? '');
        const dropped = reload.dropped.filter(({ what }) => what === 'partial matches');
        const accounted = dropped.reduce((sum, { count }) => sum + count, reload.kept!.partialMatches);
        assert.equal(accounted, before, JSON.stringify(reload));
      }
    }),
    { numRuns: RUNS },
  ),
);
