import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { generateCstTypes } from '../../../grammar/cst-type-text.ts';
import { generateDecisionTable } from '../../../grammar/decision-table-text.ts';
import { AnalysedParser, parseStatement } from '../../../grammar/parser.ts';
import { scan } from '../../../grammar/scanner.ts';

describe('grammar', () => {
  it('passes Chevrotain’s checks: no ambiguity, no left recursion, no empty alternative', () => {
    assert.doesNotThrow(() => new AnalysedParser(false));
  });

  it('has fresh types of its tree (npm run generate)', () => {
    const written = readFileSync(new URL('../../../grammar/cst-types.ts', import.meta.url), 'utf8');
    assert.equal(written, generateCstTypes());
  });

  it('has a fresh table of decisions', () => {
    const written = readFileSync(new URL('../../../grammar/decision-table.ts', import.meta.url), 'utf8');
    assert.equal(written, generateDecisionTable());
  });

  const accepted = [
    'SELECT 1 AS `select`, a.b.c, t.*, x[1][2].y FROM t',
    "SELECT CASE a WHEN 1 THEN 'x' ELSE NULL END, CAST(b AS ROW<x INT, y ARRAY<MAP<STRING, INT>>>) FROM t",
    "SELECT (a - b) SECOND, INTERVAL -'1' DAY, ts + INTERVAL '1-2' YEAR TO MONTH FROM t",
    "SELECT TRIM(LEADING 'x' FROM s), TRIM(s), SUBSTRING(s FROM 1 FOR 2), POSITION('a' IN s), OVERLAY(s PLACING 'x' FROM 1) FROM t",
    "SELECT JSON_VALUE(j, '$.a' RETURNING INT DEFAULT 1 ON EMPTY ERROR ON ERROR), JSON_OBJECT(KEY 'k' VALUE v NULL ON NULL), JSON_ARRAY() FROM t",
    'SELECT LEFT(a, 1), RIGHT(b, 2), IF(a, b, c), FLOOR(ts TO DAY), COUNT(*) FILTER (WHERE x), COUNT(DISTINCT y) FROM t',
    'SELECT a BETWEEN 1 AND 2 AND b NOT BETWEEN SYMMETRIC 3 AND 4, c NOT IN (1, 2), d IS NOT JSON OBJECT FROM t',
    'WITH a AS (SELECT 1 FROM t), b (x, y) AS (SELECT 2, 3 FROM t) SELECT * FROM a UNION ALL (SELECT x FROM b) ORDER BY 1 LIMIT 3',
    "SELECT * FROM TUMBLE(DATA => TABLE t, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '1' MINUTE) AS w",
    "SELECT * FROM TABLE(SESSION(TABLE t PARTITION BY a, b, DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
    "SELECT * FROM TABLE(SESSION(TABLE t PARTITION BY (a, b), DESCRIPTOR(ts), INTERVAL '1' MINUTE))",
    'SELECT a, SUM(b) OVER (PARTITION BY c ORDER BY d ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t',
    'SELECT * FROM a JOIN b ON a.x = b.x LEFT JOIN c FOR SYSTEM_TIME AS OF a.ts AS d USING (y) CROSS JOIN UNNEST(z) AS u (v)',
    "SELECT * FROM t AS x MATCH_RECOGNIZE (PARTITION BY a ORDER BY ts, b DESC MEASURES FINAL LAST(A.x) AS y ONE ROW PER MATCH AFTER MATCH SKIP TO FIRST B PATTERN (A{2,3}? B+? C*? (D | E) {- F -} PERMUTE(G, H)) WITHIN INTERVAL '1' HOUR DEFINE A AS TRUE) AS m",
    'SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES A.x AS y AFTER MATCH NO SKIP PATTERN (A FOLLOWED BY B FOLLOWED BY ANY C NOT FOLLOWED BY D NEXT E{2} RELAXED UNTIL U) DEFINE A AS TRUE)',
    "CREATE TEMPORARY TABLE IF NOT EXISTS t (a INT NOT NULL COMMENT 'x', b AS a * 2, c STRING METADATA FROM 'k' VIRTUAL, value BIGINT, WATERMARK FOR ts AS ts, CONSTRAINT pk PRIMARY KEY (a) NOT ENFORCED) COMMENT 'y' WITH ('k' = 'v')",
    'CREATE VIEW IF NOT EXISTS v (a, b) AS SELECT 1, 2 FROM t',
    'INSERT INTO t (a, b) SELECT 1, 2 FROM u',
    'INSERT INTO t (SELECT 1 FROM u)',
    'DROP TABLE IF EXISTS t',
    "SET 'a' = 'b'",
    'SET',
    "RESET 'a'",
    'EXPLAIN PLAN FOR SELECT 1 FROM t',
    'DESC t',
    'SHOW CREATE TABLE t',
    "STOP JOB 'x' WITH SAVEPOINT WITH DRAIN",
    'SELECT data, plan, first, key, year, zone, options, value, pattern, error FROM t',
  ];
  for (const text of accepted) {
    it(`accepts ${text.slice(0, 70)}`, () => {
      const { tokens, diagnostics } = scan(text);
      assert.deepEqual(diagnostics, []);
      assert.deepEqual(parseStatement(tokens, text.length).diagnostics, []);
    });
  }
});
