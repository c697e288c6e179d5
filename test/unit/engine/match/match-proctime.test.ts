import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ManualClock, run } from '../../../../src/index.ts';

it('MATCH_PROCTIME of a pattern on event time is the time of the clock (Flink: a current time)', async () => {
  const events = [1, 2].map((n) => ({ n, ts: `2026-03-01 09:0${n}:00` }));
  await using program = await run(
    `CREATE TABLE events (n INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'datagen');
     SELECT * FROM events MATCH_RECOGNIZE (
       ORDER BY ts MEASURES MATCH_PROCTIME() AS at, MATCH_ROWTIME() AS decided PATTERN (A B)
       DEFINE A AS n = 1, B AS n = 2
     ) AS found;`,
    { inputs: { events }, clock: new ManualClock(new Date('2026-03-02T12:30:45Z')) },
  );
  const rows: unknown[] = [];
  for await (const row of program.rows()) rows.push(row);
  assert.deepEqual(rows, [{ at: '2026-03-02 12:30:45Z', decided: '2026-03-01 09:02:00' }]);
});
