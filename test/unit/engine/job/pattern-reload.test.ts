/**
 * Tests changes of a pattern while partial matches are open: which state is kept, which is dropped,
 * and what the report says.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EngineError } from '../../../../src/core/engine-error.ts';
import { reloadLines } from '../../../../src/engine/match/carry/carry-report.ts';
import { at, type PatternText, patternSql, ReloadBench, type ReloadOptions } from '../../../support/reload-bench.ts';

const row = (second: number, k: string, v: number, more: object = {}) => ({ k, v, ts: at(second), ...more });

/** Runs the versions one after the other, each over its own rows. */
async function reloaded(
  stages: readonly (readonly [PatternText, readonly object[]])[],
  check: (bench: ReloadBench) => void | Promise<void>,
  options: ReloadOptions = {},
): Promise<void> {
  using bench = new ReloadBench(options);
  for (const [text, rows] of stages) {
    bench.feed(rows);
    await bench.run(patternSql(text));
  }
  await check(bench);
}

const only = (bench: ReloadBench) => {
  assert.equal(bench.reloads.length, 1);
  return bench.reloads[0]!;
};

for (const backend of ['memory', 'rocksdb'] as const) {
  describe(`a changed pattern, state in ${backend}`, () => {
    const run: typeof reloaded = (stages, check) => reloaded(stages, check, { backend });

    it('keeps its partial matches when a constant changes, and tests new rows with the new constant', () =>
      run(
        [
          [{}, [row(1, 'x', 20), row(2, 'y', 11), row(3, 'z', 7)]],
          [
            { define: 'A AS v > 15, B AS v < 3' },
            [row(4, 'x', 4), row(5, 'y', 2), row(6, 'z', 12), row(7, 'z', 1), row(8, 'x', 0)],
          ],
        ],
        (bench) => {
          assert.deepEqual(bench.rows(), [
            { k: 'y', a: 11, b: 2 },
            { k: 'x', a: 20, b: 0 },
          ]);
          const reload = only(bench);
          assert.deepEqual(reload, {
            operator: 'found.match',
            outcome: 'carried',
            reason: null,
            kept: { partialMatches: 2, heldBackMatches: 0, waitingRows: 0 },
            dropped: [],
          });
        },
      ));

    it('keeps rows that wait for the watermark, even if the positions of columns change', () =>
      run(
        [
          [
            { delay: 10, measures: 'A.v AS a, B.w AS b' },
            [row(1, 'x', 20, { w: 1 }), row(5, 'x', 1, { w: null }), row(3, 'y', 12, { w: 9 })],
          ],
          [
            { delay: 10, columns: 'w BIGINT, k STRING, v BIGINT', measures: 'B.w AS a, A.v AS b' },
            [row(4, 'y', 2, { w: 2 ** 60 }), row(100, 'q', 7, { w: 0 })],
          ],
        ],
        (bench) => {
          assert.deepEqual(bench.lines(), ['{"k":"y","a":1152921504606847000,"b":12}', '{"k":"x","a":null,"b":20}']);
          assert.deepEqual(only(bench).kept, { partialMatches: 0, heldBackMatches: 0, waitingRows: 3 });
        },
      ));

    it('does not change the checkpoint if the new version dies before its first checkpoint', () =>
      run([[{}, [row(1, 'x', 20), row(2, 'y', 21)]]], async (bench) => {
        const changed = { define: 'A AS v > 15, B AS v < 3', pattern: "(A FOLLOWED BY B) WITHIN INTERVAL '2' HOUR" };
        for (const text of [changed, { ...changed, pattern: '(B FOLLOWED BY A)' }, changed]) {
          const job = await bench.open(patternSql(text));
          job.stop('cancel');
          await job.run();
        }
        bench.feed([row(3, 'x', 4)]);
        await bench.run(patternSql());
        assert.deepEqual(bench.reloads, []);
        bench.feed([row(4, 'y', 2)]);
        await bench.run(patternSql(changed));
        assert.deepEqual(bench.rows(), [
          { k: 'x', a: 20, b: 4 },
          { k: 'y', a: 21, b: 2 },
        ]);
      }));

    it('keeps what PREV reads', () =>
      run(
        [
          [{ define: 'A AS v > PREV(A.v), B AS v < 5' }, [row(1, 'x', 20), row(2, 'x', 10)]],
          [{ define: 'A AS v > PREV(A.v) + 1, B AS v < 4' }, [row(3, 'x', 12), row(4, 'x', 3)]],
        ],
        (bench) => assert.deepEqual(bench.rows(), [{ k: 'x', a: 12, b: 3 }]),
      ));

    it('fires at the bounds of a shorter WITHIN, even if they have passed', () =>
      run(
        [
          [
            { rows: 'ONE ROW PER MATCH SHOW TIMEOUT MATCHES' },
            [row(0, 'x', 20), row(1000, 'y', 21), row(1900, 'z', 22)],
          ],
          [
            {
              rows: 'ONE ROW PER MATCH SHOW TIMEOUT MATCHES',
              pattern: "(A FOLLOWED BY B) WITHIN INTERVAL '10' MINUTE",
            },
            [row(1901, 'q', 7), row(2000, 'z', 1), row(2600, 'q', 7)],
          ],
        ],
        (bench) => {
          assert.deepEqual(bench.rows(), [
            { k: 'x', a: 20, b: null },
            { k: 'y', a: 21, b: null },
            { k: 'z', a: 22, b: 1 },
          ]);
        },
      ));
  });
}

describe('a changed pattern', () => {
  it('drops only partial matches whose rows do not have a column that the new version reads', () =>
    reloaded(
      [
        [
          {
            pattern: '(A FOLLOWED BY B FOLLOWED BY C)',
            define: 'A AS v > 10, B AS v = 7, C AS v < 5',
            measures: 'A.v AS a, B.v AS b',
          },
          [row(1, 'x', 20, { name: 'n1' }), row(2, 'y', 21, { name: 'n2' }), row(3, 'y', 7, { name: 'n3' })],
        ],
        [
          {
            pattern: '(A FOLLOWED BY B FOLLOWED BY C)',
            define: 'A AS v > 10, B AS v = 7, C AS v < 5',
            measures: 'A.v AS a, B.name AS b',
            sink: 'k STRING, a BIGINT, b STRING',
          },
          [row(4, 'x', 7, { name: 'n4' }), row(5, 'x', 1), row(6, 'y', 1)],
        ],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), [{ k: 'x', a: 20, b: 'n4' }]);
        const reload = only(bench);
        assert.equal(reload.kept?.partialMatches, 1);
        assert.deepEqual(reload.dropped, [
          {
            what: 'partial matches',
            state: 'C',
            count: 1,
            reason: 'their rows lack columns of B that are read now: name',
          },
        ]);
        assert.deepEqual(reloadLines(reload), [
          'found.match keeps 1 partial match',
          'found.match drops 1 partial matches in state C: their rows lack columns of B that are read now: name',
        ]);
      },
    ));

  it('drops waiting rows that do not have a column that the new version reads', () =>
    reloaded(
      [
        [{ delay: 10 }, [row(1, 'x', 20), row(2, 'x', 1)]],
        [
          { delay: 10, define: 'A AS v > 10, B AS w < 5' },
          [row(3, 'x', 20, { w: 1 }), row(60, 'x', 0, { w: 0 }), row(90, 'x', 9)],
        ],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), [{ k: 'x', a: 20, b: 0 }]);
        assert.deepEqual(only(bench).dropped, [
          { what: 'waiting rows', state: null, count: 2, reason: 'they lack columns that are read now: w' },
        ]);
      },
    ));

  it('keeps the rows of a loop when the loop gets longer', () =>
    reloaded(
      [
        [{ pattern: '(A{3} B)', measures: 'COUNT(A.v) AS a, B.v AS b' }, [row(1, 'x', 20), row(2, 'x', 21)]],
        [
          { pattern: '(A{4} B)', measures: 'COUNT(A.v) AS a, B.v AS b' },
          [row(3, 'x', 22), row(4, 'x', 23), row(5, 'x', 1)],
        ],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), [{ k: 'x', a: 4, b: 1 }]);
        assert.equal(only(bench).kept?.partialMatches, 2);
      },
    ));

  it('drops partial matches that would be complete, and those that reach no state', () =>
    reloaded(
      [
        [
          { pattern: '(A FOLLOWED BY B FOLLOWED BY C)', define: 'A AS v > 10, B AS v = 7, C AS v < 5' },
          [row(1, 'x', 20), row(2, 'x', 7), row(3, 'y', 20)],
        ],
        [{ pattern: '(A FOLLOWED BY B)', define: 'A AS v > 10, B AS v = 7' }, [row(4, 'x', 7), row(5, 'y', 7)]],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), [{ k: 'y', a: 20, b: 7 }]);
        assert.deepEqual(only(bench).dropped, [
          {
            what: 'partial matches',
            state: 'C',
            count: 1,
            reason: 'their rows are a complete match of the new pattern',
          },
        ]);
      },
    ));

  it('drops partial matches that may have lost rows that were not read before', () =>
    reloaded(
      [
        [
          { pattern: '(A X* B)', define: 'A AS v > 10, X AS v = 7, B AS v < 5' },
          [row(1, 'x', 20), row(2, 'x', 7), row(3, 'y', 20)],
        ],
        [
          { pattern: '(A X* B)', define: 'A AS v > 10, X AS v = 7, B AS v < 5', measures: 'COUNT(X.v) AS a, B.v AS b' },
          [row(4, 'x', 1), row(5, 'z', 30), row(6, 'z', 7), row(7, 'z', 1)],
        ],
      ],
      (bench) => {
        assert.equal(
          bench.rows().some(({ k }) => k === 'x'),
          false,
          'it would count no X',
        );
        assert.deepEqual(bench.rows().at(-1), { k: 'z', a: 1, b: 1 });
        assert.match(only(bench).dropped[0]!.reason, /rows of X were not kept/);
      },
    ));

  it('keeps matches that earlier starts hold back', () =>
    reloaded(
      [
        [
          {
            skip: 'AFTER MATCH SKIP PAST LAST ROW',
            pattern: "(A FOLLOWED BY C? FOLLOWED BY B) WITHIN INTERVAL '1' HOUR",
            define: 'A AS v > 10, C AS v = 7 AND v > A.v - 10, B AS v < 5',
          },
          [row(1, 'x', 20), row(2, 'x', 30)],
        ],
        [
          {
            skip: 'AFTER MATCH SKIP PAST LAST ROW',
            pattern: "(A FOLLOWED BY C? FOLLOWED BY B) WITHIN INTERVAL '1' HOUR",
            define: 'A AS v > 11, C AS v = 7 AND v > A.v - 10, B AS v < 4',
          },
          [row(3, 'x', 1), row(4, 'x', 2)],
        ],
      ],
      (bench) => assert.deepEqual(bench.rows(), [{ k: 'x', a: 20, b: 1 }]),
    ));

  it('starts fresh with another PARTITION BY, and reports the loss', () =>
    reloaded(
      [
        [{ columns: 'k STRING, j STRING, v BIGINT' }, [row(1, 'x', 20), row(2, 'y', 20)]],
        [{ columns: 'k STRING, j STRING, v BIGINT', partition: 'j' }, [{ k: 'x', j: 'x', v: 1, ts: at(3) }]],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), []);
        assert.deepEqual(reloadLines(only(bench)), [
          'found.match starts without state: PARTITION BY has changed',
          'found.match drops 2 partial matches in state B: PARTITION BY has changed',
        ]);
      },
    ));

  it('keeps its rows when a filter below it changes', () =>
    reloaded(
      [
        [{ where: 'w > 0' }, [row(1, 'x', 20, { w: 1 })]],
        [{ where: 'w > 5' }, [row(2, 'x', 1, { w: 3 }), row(3, 'x', 2, { w: 6 })]],
      ],
      (bench) => assert.deepEqual(bench.rows(), [{ k: 'x', a: 20, b: 2 }]),
    ));

  it('starts fresh if the setting says so', () =>
    reloaded(
      [
        [{}, [row(1, 'x', 20)]],
        [{ define: 'A AS v > 15, B AS v < 3' }, [row(2, 'x', 1)]],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), []);
        assert.match(reloadLines(only(bench))[0]!, /starts without state: 'sequitur.pattern.reload' is 'fresh'/);
      },
      { reload: 'fresh' },
    ));

  it('is refused if the setting forbids the loss of state; the previous version continues', () =>
    reloaded(
      [[{}, [row(1, 'x', 20)]]],
      async (bench) => {
        await assert.rejects(bench.open(patternSql({ pattern: '(B FOLLOWED BY A)' })), (error: EngineError) => {
          assert.equal(error.code, 'CHECKPOINT_INCOMPATIBLE');
          assert.match(error.message, /found\.match drops 1 partial matches in state B/);
          return true;
        });
        bench.feed([row(2, 'x', 1)]);
        await bench.run(patternSql({ define: 'A AS v > 12, B AS v < 4' }));
        assert.deepEqual(bench.rows(), [{ k: 'x', a: 20, b: 1 }]);
      },
      { reload: 'refuse' },
    ));

  it('is refused by default in run, with a list of the state that could be kept', () =>
    reloaded(
      [[{}, [row(1, 'x', 20)]]],
      (bench) =>
        assert.rejects(
          bench.open(patternSql({ define: 'A AS v > 12, B AS v < 4' })),
          /found\.match changed \(its partial matches can be carried over\)/,
        ),
      { onChangedPlan: 'refuse' },
    ));
});

describe('a changed pattern with the semantics of the SQL standard', () => {
  const before = "SET 'sequitur.match.semantics' = 'standard';";
  const standard: PatternText = {
    before,
    pattern: '(A X* B)',
    define: 'A AS v > 10, X AS v BETWEEN 5 AND 10, B AS v < 5',
  };

  it('keeps open attempts when constants and measures change', () =>
    reloaded(
      [
        [standard, [row(1, 'x', 20), row(2, 'x', 7)]],
        [
          { ...standard, define: 'A AS v > 25, X AS v BETWEEN 5 AND 10, B AS v < 3', measures: 'B.v AS a, A.v AS b' },
          [row(3, 'x', 2), row(4, 'x', 22), row(5, 'x', 1)],
        ],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), [{ k: 'x', a: 2, b: 20 }]);
        assert.equal(only(bench).outcome, 'carried');
      },
    ));

  it('starts fresh with another pattern', () =>
    reloaded(
      [
        [standard, [row(1, 'x', 20)]],
        [{ ...standard, pattern: '(A X? B)' }, [row(2, 'x', 1)]],
      ],
      (bench) => {
        assert.deepEqual(bench.rows(), []);
        assert.equal(only(bench).reason, 'PATTERN has changed');
        assert.equal(only(bench).dropped.length, 1);
      },
    ));
});

it('a window above a changed pattern keeps its counts; a changed window starts fresh', async () => {
  const sql = (least: number, seconds = 60): string => `
CREATE TABLE events (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'in', 'format' = 'json', 'source.monitor-interval' = '5 ms');
CREATE TABLE counts (n BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');
CREATE VIEW pairs AS SELECT * FROM events MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts
  MEASURES MATCH_ROWTIME() AS rt PATTERN (A B) DEFINE A AS v > ${least}, B AS v < 5);
INSERT INTO counts SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE pairs, DESCRIPTOR(rt), INTERVAL '${seconds}' SECOND))
  GROUP BY window_start, window_end;`;
  using bench = new ReloadBench();
  bench.feed([row(1, 'x', 20), row(2, 'x', 1), row(3, 'x', 20)]);
  await bench.run(sql(10));
  bench.feed([row(4, 'x', 1), row(5, 'x', 12), row(6, 'x', 1)]);
  await bench.run(sql(15));
  assert.deepEqual(
    bench.reloads.map(({ outcome }) => outcome),
    ['carried', 'kept'],
  );
  bench.feed([row(7, 'x', 20), row(70, 'x', 2)]);
  await bench.run(sql(15));
  assert.deepEqual(bench.rows(), [{ n: 2 }]);
  bench.feed([row(80, 'x', 20), row(81, 'x', 1), row(200, 'y', 1)]);
  await bench.run(sql(15, 30));
  assert.deepEqual(
    bench.reloads.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['kept', null],
      ['fresh', 'its definition has changed'],
    ],
  );
});
