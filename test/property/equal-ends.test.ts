/**
 * Sessions and absences that end at the same time are emitted in the same order for any size of
 * batches, also if sessions were extended, merged or opened earlier by late rows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { InputTable, run } from '../../src/index.ts';
import { SeededRandom } from '../fuzz/seeded-random.ts';

const CLICKS = `CREATE TABLE clicks (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '40' SECOND) WITH ('connector' = 'datagen');\n`;
const SESSIONS = `${CLICKS}SELECT k, window_start, window_end, COUNT(*) AS n
FROM TABLE(SESSION(TABLE clicks PARTITION BY k, DESCRIPTOR(ts), INTERVAL '8' SECOND))
GROUP BY k, window_start, window_end;`;
const ABSENCES = `${CLICKS}SELECT * FROM clicks MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES A.ts AS at, MATCH_ROWTIME() AS due
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A NOT FOLLOWED BY B) WITHIN INTERVAL '8' SECOND
  DEFINE A AS EXTRACT(SECOND FROM ts) < 40, B AS EXTRACT(SECOND FROM ts) > 50) AS m;`;

/** Returns rows with few keys and few different times, up to 40 seconds out of order. */
function clicksOf(random: SeededRandom): { k: string; ts: Date }[] {
  let second = 0;
  return Array.from({ length: 200 }, () => {
    second += random.oneOf([0, 0, 0, 1, 1, 2]);
    return {
      k: `key ${random.below(25)}`,
      ts: new Date(Date.UTC(2026, 0, 1, 0, 10) + (second - random.below(40)) * 1000),
    };
  });
}

async function outputOf(sql: string, clicks: readonly { k: string; ts: Date }[], batchRows: number): Promise<string[]> {
  // The table has all rows before the first is read, so the batches have the given size.
  const table = new InputTable<{ k: string; ts: Date }>({ capacity: clicks.length + 1 });
  await table.write(...clicks);
  table.end();
  await using program = await run(sql, { inputs: { clicks: table }, batchRows });
  const lines: string[] = [];
  for await (const row of program.rows()) lines.push(JSON.stringify(row));
  return lines;
}

for (const [name, sql] of Object.entries({ sessions: SESSIONS, absences: ABSENCES })) {
  test(`${name} with equal ends have the same order in batches of 1, 7 and 1,024 rows`, async () => {
    for (let seed = 20; seed < 60; seed++) {
      const clicks = clicksOf(new SeededRandom(seed, 5));
      const expected = await outputOf(sql, clicks, 1024);
      assert.ok(expected.length > 5);
      for (const batchRows of [1, 7]) {
        assert.deepEqual(await outputOf(sql, clicks, batchRows), expected, `seed ${seed}, batches of ${batchRows}`);
      }
    }
  });
}
