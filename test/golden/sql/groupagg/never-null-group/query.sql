-- a view that reads the count only with IS NOT NULL
CREATE TABLE t (i INT, b BIGINT, d DECIMAL(10, 2), x DOUBLE, k STRING, s STRING, f BOOLEAN, zt TIMESTAMP(3), dy DATE, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v1 AS SELECT i, dy, COUNT(*) AS v1a0, MAX(x) AS v1a1, SUM(0.5E0) AS v1a2 FROM t GROUP BY i, dy;
CREATE VIEW v2 AS SELECT CASE WHEN v1a0 IS NOT NULL THEN REPLACE('2026-01-05', 'a', '12') WHEN dy IS NOT NULL THEN 'x_%' END AS v2c0, TRY_CAST('' AS INT) AS v2c1, '12' AS v2c2 FROM v1;
SELECT v2c0, v2c1, v2c2 FROM v2;
