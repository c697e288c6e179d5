/**
 * Law: the output, line for line and in order, does not depend on the batches of the input. The
 * queries have several sources (one total order), windows, groups and a source that reaches an
 * operator by two ways.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import fc from 'fast-check';
import { assertSameInAllRuns } from '../support/two-tables-property.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-split-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

const TABLES = ['a', 'b']
  .map(
    (t) =>
      `CREATE TABLE ${t} (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND) WITH ('connector' = 'filesystem', 'path' = '${t}.jsonl', 'format' = 'json');`,
  )
  .join('\n');

const QUERIES: Readonly<Record<string, string>> = {
  'two sources, tumbling': `SELECT k, window_start, COUNT(*) AS n, LISTAGG(CAST(v AS STRING)) AS vs FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY k, window_start, window_end`,
  'two sources, hopping': `SELECT window_end, SUM(v) AS s, MAX(v) AS m FROM TABLE(HOP(TABLE u, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '6' SECOND)) GROUP BY window_start, window_end`,
  'two sources, sessions': `SELECT k, window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE u PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end`,
  'groups of groups': `SELECT n, COUNT(*) AS keys FROM (SELECT k, COUNT(*) AS n FROM u GROUP BY k) GROUP BY n`,
  'one source, two ways': `SELECT window_start, LISTAGG(k) AS ks FROM TABLE(TUMBLE(TABLE d, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end`,
  'pattern over both': `SELECT * FROM u MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.v AS av, B.v AS bv AFTER MATCH SKIP PAST LAST ROW PATTERN (A X*? B) WITHIN INTERVAL '6' SECOND DEFINE A AS A.v < 3, B AS B.v > 7)`,
};

const rows = fc.array(
  fc.record({ k: fc.constantFrom('x', 'y', 'z'), v: fc.nat(9), at: fc.nat(30), late: fc.nat(40) }),
  { maxLength: 40 },
);

/** Returns rows in ascending time with some disorder. A few of them are late. */
function lines(list: readonly { k: string; v: number; at: number; late: number }[]): string {
  return list
    .map(({ k, v, at, late }, i) => {
      const ms = Date.UTC(2026, 0, 1) + i * 700 + at * 50 - (late === 0 ? 9000 : 0);
      return `${JSON.stringify({ k, v, ts: new Date(ms).toISOString().slice(0, 23).replace('T', ' ') })}\n`;
    })
    .join('');
}

for (const [name, query] of Object.entries(QUERIES)) {
  it(name, async () => {
    const views = `CREATE VIEW u AS SELECT * FROM a UNION ALL SELECT * FROM b;
CREATE VIEW d AS SELECT * FROM a WHERE v < 6 UNION ALL SELECT * FROM a WHERE v > 3;`;
    await assertSameInAllRuns(root, name, `${TABLES}\n${views}\n${query};`, { rows, lines, numRuns: 6 });
  });
}
