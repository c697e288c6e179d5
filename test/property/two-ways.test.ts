/**
 * Law: if a source reaches an operator by several ways, the output, line for line and in order,
 * does not depend on the batches of the input. This is true for any operators on the ways.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, it } from 'node:test';
import fc from 'fast-check';
import { assertSameInAllRuns } from '../support/two-tables-property.ts';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'sequitur-ways-'));
after(() => fs.rmSync(root, { recursive: true, force: true }));

const TABLES = ['a', 'b']
  .map(
    (t) =>
      `CREATE TABLE ${t} (k STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND) WITH ('connector' = 'filesystem', 'path' = '${t}.jsonl', 'format' = 'json');`,
  )
  .join('\n');

/** Views over one table, and the query above their union. */
const QUERIES: Readonly<Record<string, { readonly union: string; readonly query: string }>> = {
  'a hopping view and a plain one': {
    union: `SELECT k, v, window_time AS t FROM TABLE(HOP(TABLE a, DESCRIPTOR(ts), INTERVAL '2' SECOND, INTERVAL '4' SECOND)) UNION ALL SELECT k, v, ts FROM a WHERE v > 4`,
    query: `SELECT k, COUNT(*) AS n, LISTAGG(CAST(v AS STRING)) AS vs FROM u GROUP BY k`,
  },
  'groups in one view': {
    union: `SELECT k, COUNT(*) AS n FROM a GROUP BY k UNION ALL SELECT k, v FROM a`,
    query: `SELECT n, COUNT(*) AS times FROM u GROUP BY n`,
  },
  'windows in one view': {
    union: `SELECT k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE a, DESCRIPTOR(ts), INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end UNION ALL SELECT k, v FROM a`,
    query: `SELECT k, LISTAGG(CAST(n AS STRING)) AS ns FROM u GROUP BY k`,
  },
  'sessions in one view': {
    union: `SELECT k, COUNT(*) AS n FROM TABLE(SESSION(TABLE a PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end UNION ALL SELECT k, v FROM a`,
    query: `SELECT k, LISTAGG(CAST(n AS STRING)) AS ns FROM u GROUP BY k`,
  },
  'matches in one view': {
    union: `SELECT k, bv FROM a MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES B.v AS bv AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) WITHIN INTERVAL '6' SECOND DEFINE A AS A.v < 5, B AS B.v > 4) UNION ALL SELECT k, v FROM a`,
    query: `SELECT k, LISTAGG(CAST(bv AS STRING)) AS vs FROM u GROUP BY k`,
  },
  'three ways': {
    union: `SELECT k, v, ts FROM a WHERE v < 6 UNION ALL SELECT k, v + 10, ts FROM a UNION ALL SELECT k, v, ts FROM a WHERE k = 'x'`,
    query: `SELECT window_start, LISTAGG(CAST(v AS STRING)) AS vs FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end`,
  },
  'a union of unions': {
    union: `SELECT * FROM (SELECT k, v, ts FROM a WHERE v < 6 UNION ALL SELECT k, v, ts FROM b) UNION ALL SELECT k, v + 10, ts FROM (SELECT * FROM a WHERE v > 2 UNION ALL SELECT * FROM a)`,
    query: `SELECT window_start, LISTAGG(CAST(v AS STRING)) AS vs FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end`,
  },
  'a merge on the way to another': {
    union: `SELECT k, COUNT(*) AS n FROM (SELECT k FROM a UNION ALL SELECT k FROM a WHERE v > 3) GROUP BY k UNION ALL SELECT k, v FROM a`,
    query: `SELECT n, COUNT(*) AS times FROM u GROUP BY n`,
  },
  'two tables and two views': {
    union: `SELECT k, v, ts FROM a WHERE v < 6 UNION ALL SELECT k, v, ts FROM b UNION ALL SELECT k, v, ts FROM a WHERE v > 3 UNION ALL SELECT k, v, ts FROM b WHERE k = 'x'`,
    query: `SELECT k, window_start, COUNT(*) AS n, LISTAGG(CAST(v AS STRING)) AS vs FROM TABLE(TUMBLE(TABLE u, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY k, window_start, window_end`,
  },
  'a limit in one view': {
    union: `SELECT k, v FROM (SELECT * FROM a LIMIT 9 OFFSET 2) UNION ALL SELECT k, v + 10 FROM a`,
    query: `SELECT k, LISTAGG(CAST(v AS STRING)) AS vs FROM u GROUP BY k`,
  },
  'a limit over two views': {
    union: `SELECT k, v FROM a WHERE v < 6 UNION ALL SELECT k, v + 10 FROM a`,
    query: `SELECT * FROM u LIMIT 11`,
  },
  'a pattern over two views': {
    union: `SELECT k, v, ts FROM a WHERE v < 6 UNION ALL SELECT k, v + 1, ts FROM a`,
    query: `SELECT * FROM u MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.v AS av, B.v AS bv AFTER MATCH SKIP PAST LAST ROW PATTERN (A X*? B) WITHIN INTERVAL '6' SECOND DEFINE A AS A.v < 4, B AS B.v > 6)`,
  },
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

for (const [name, { union, query }] of Object.entries(QUERIES)) {
  it(name, async () => {
    const sql = `${TABLES}\nCREATE VIEW u AS ${union};\n${query};`;
    await assertSameInAllRuns(root, name, sql, { rows, lines, numRuns: 5 });
  });
}
