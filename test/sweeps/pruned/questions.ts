import type { SweepQuestion } from '../sweep-case.ts';

const TABLE = `CREATE TABLE t (who STRING, kind STRING, v INT, w INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
`;
const GROUPED =
  'CREATE VIEW g AS SELECT who, MAX(v) AS v, SUM(w) AS w, COUNT(*) AS n, COUNT(DISTINCT kind) AS d FROM t GROUP BY who;\n';
const BY_TWO = 'CREATE VIEW g AS SELECT who, kind, MAX(v) AS v, SUM(w) AS w FROM t GROUP BY who, kind;\n';
const TOTAL = 'CREATE VIEW g AS SELECT MAX(v) AS v, SUM(w) AS w, COUNT(*) AS n FROM t;\n';
const OVER_CHANGES =
  'CREATE VIEW f AS SELECT who, kind, MAX(v) AS v, SUM(w) AS w FROM t GROUP BY who, kind;\n' +
  'CREATE VIEW g AS SELECT who, COUNT(*) AS n, SUM(v) AS v, MIN(w) AS w FROM f WHERE w > 2 GROUP BY who;\n';
const WINDOWED = `CREATE VIEW g AS SELECT who, window_start, window_end, MAX(v) AS v, SUM(w) AS w
  FROM TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '3' SECOND) GROUP BY who, window_start, window_end;
`;

/** Views over a changelog, and queries that read only a part of their columns. */
const SHAPES: readonly (readonly [string, string])[] = [
  [GROUPED, 'SELECT who FROM g'],
  [GROUPED, 'SELECT who, v FROM g'],
  [GROUPED, 'SELECT v FROM g'],
  [GROUPED, 'SELECT 1 AS c FROM g'],
  [GROUPED, 'SELECT n, who FROM g'],
  [GROUPED, 'SELECT d FROM g'],
  [GROUPED, 'SELECT who, v + w AS s FROM g'],
  [GROUPED, 'SELECT who FROM g WHERE v > 3'],
  [GROUPED, 'SELECT who, w FROM g WHERE n > 1'],
  [GROUPED, "SELECT w FROM g WHERE who = 'a'"],
  [GROUPED, 'SELECT LISTAGG(who) AS whos FROM g'],
  [GROUPED, 'SELECT COUNT(*) AS n FROM g'],
  [GROUPED, 'SELECT v, COUNT(*) AS c FROM g GROUP BY v'],
  [GROUPED, 'SELECT SUM(v) AS s, LAST_VALUE(who) AS l FROM g'],
  [GROUPED, 'SELECT DISTINCT v FROM g'],
  [GROUPED, 'SELECT DISTINCT who FROM g'],
  [GROUPED, "SELECT CAST(n AS STRING) || who AS s FROM g WHERE who <> 'b'"],
  [GROUPED, 'SELECT who FROM g UNION ALL SELECT who FROM g'],
  [GROUPED, 'SELECT who, v FROM g UNION ALL SELECT who, w FROM g'],
  [GROUPED, 'SELECT who FROM (SELECT who, v FROM g) AS h WHERE v IS NOT NULL'],
  [GROUPED, 'SELECT who, MAX(v) AS v FROM g GROUP BY who HAVING COUNT(*) > 0'],
  [BY_TWO, 'SELECT who FROM g'],
  [BY_TWO, 'SELECT kind, v FROM g'],
  [BY_TWO, 'SELECT LISTAGG(kind) AS kinds FROM g'],
  [BY_TWO, 'SELECT who, COUNT(*) AS n FROM g GROUP BY who'],
  [BY_TWO, 'SELECT who, COUNT(DISTINCT kind) AS n FROM g GROUP BY who'],
  [BY_TWO, 'SELECT who, LISTAGG(kind) AS k, SUM(v) AS s FROM g GROUP BY who'],
  [TOTAL, 'SELECT v FROM g'],
  [TOTAL, 'SELECT 1 AS c FROM g'],
  [TOTAL, 'SELECT w FROM g WHERE n > 2'],
  [TOTAL, 'SELECT COUNT(*) AS n FROM g'],
  [OVER_CHANGES, 'SELECT who FROM g'],
  [OVER_CHANGES, 'SELECT who, n FROM g'],
  [OVER_CHANGES, 'SELECT who, v FROM g'],
  [OVER_CHANGES, 'SELECT LISTAGG(who) AS whos FROM g'],
  [WINDOWED, 'SELECT who FROM g'],
  [WINDOWED, 'SELECT v FROM g'],
  [WINDOWED, 'SELECT window_end FROM g'],
  [WINDOWED, 'SELECT who, SUM(w) AS w FROM g GROUP BY who'],
  [WINDOWED, 'SELECT LISTAGG(who) AS whos FROM g'],
  [WINDOWED, 'SELECT DISTINCT who FROM g'],
  ['CREATE VIEW g AS SELECT DISTINCT who, kind, v FROM t;\n', 'SELECT who FROM g'],
  ['CREATE VIEW g AS SELECT DISTINCT who, kind, v FROM t;\n', 'SELECT who, COUNT(*) AS n FROM g GROUP BY who'],
  [
    'CREATE VIEW g AS SELECT who, MAX(v) AS v, SUM(w) AS w FROM t GROUP BY who HAVING COUNT(*) > 1;\n',
    'SELECT who FROM g',
  ],
  [
    'CREATE VIEW g AS SELECT who, MAX(v) AS v, SUM(w) AS w FROM t GROUP BY who HAVING SUM(w) > 4;\n',
    'SELECT who, v FROM g',
  ],
  [
    'CREATE VIEW g AS SELECT who, kind, v FROM t UNION ALL SELECT who, kind, w FROM t;\n',
    'SELECT who, COUNT(*) AS n FROM g GROUP BY who',
  ],
  [
    'CREATE VIEW g AS SELECT who, MAX(v) AS v, SUM(w) AS w FROM t GROUP BY who\n' +
      '  UNION ALL SELECT kind, MAX(v), SUM(w) FROM t GROUP BY kind;\n',
    'SELECT who FROM g',
  ],
  // The keys contain a unique key of the view.
  ...[
    'SELECT DISTINCT who, v FROM g',
    'SELECT DISTINCT who, w + 1 AS w FROM g',
    'SELECT DISTINCT UPPER(who) AS u, v FROM g',
    'SELECT who, MAX(v) AS m FROM g GROUP BY who',
    'SELECT who, MAX(v) FILTER (WHERE n > 1) AS m FROM g GROUP BY who',
    'SELECT who, SUM(DISTINCT w) AS s FROM g GROUP BY who',
    'SELECT who, AVG(w) AS a FROM g GROUP BY who',
    'SELECT who, COUNT(*) AS c FROM g GROUP BY who',
    'SELECT who, LAST_VALUE(v) AS l FROM g GROUP BY who',
    'SELECT who, n, MIN(w) AS m FROM g GROUP BY who, n',
    'SELECT who, SUM(v) AS s FROM g WHERE n < 3 GROUP BY who HAVING SUM(v) > 3',
    'SELECT who, m FROM (SELECT who, SUM(v) AS m, COUNT(*) AS c FROM g GROUP BY who)',
    'SELECT SUM(v) AS s FROM (SELECT SUM(v) AS v FROM g)',
    'SELECT DISTINCT s FROM (SELECT SUM(v) AS s FROM g)',
  ].map((query) => [GROUPED, query] as const),
  [BY_TWO, 'SELECT who, kind, MAX(v) AS m FROM g GROUP BY who, kind'],
  [BY_TWO, 'SELECT DISTINCT kind, v FROM g'],
];

const ROWS: readonly (readonly [string | null, string | null, number | null, number | null])[] = [
  ['a', 'x', 1, 1],
  ['b', 'x', 5, 1],
  ['a', 'x', 1, 1],
  ['a', 'y', 3, 2],
  ['b', 'y', 2, null],
  [null, 'x', 4, 3],
  ['b', 'x', 7, 1],
  ['a', 'x', 0, -4],
  ['c', null, null, null],
  ['c', 'x', 1, 3],
];

/** Asks for the changelog of queries that do not read each column of a view. */
export function prunedQuestions(): readonly SweepQuestion[] {
  const lines = ROWS.map(([who, kind, v, w], i) => JSON.stringify({ who, kind, v, w, ts: `2026-01-01 00:00:0${i}` }));
  return SHAPES.map(([views, select], i) => ({
    name: `${i} ${select}`,
    sql: `${TABLE}${views}${select};\n`,
    files: { 't.jsonl': `${lines.join('\n')}\n` },
    compare: select.includes('UNION') || views.includes('UNION') ? 'multiset' : 'ordered',
  }));
}
