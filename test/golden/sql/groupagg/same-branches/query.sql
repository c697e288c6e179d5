-- a CASE whose branches are the same does not read the aggregate
CREATE TABLE t (i INT, b BIGINT, d DECIMAL(10, 2), x DOUBLE, k STRING, s STRING, f BOOLEAN, zt TIMESTAMP(3), dy DATE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v1 AS SELECT AVG(i) AS v1a0, SUM(CAST(0 AS DOUBLE)) AS v1a1 FROM t;
CREATE VIEW v2 AS SELECT (CASE WHEN v1a0 IS NOT NULL THEN TIMESTAMP '2026-01-05 10:00:00' ELSE TIMESTAMP '2026-01-05 10:00:00' END + INTERVAL '51' YEAR(2)) AS v2c0, v1a1 IS NOT NULL AS v2c1 FROM v1;
SELECT v2c0, v2c1 FROM v2;
