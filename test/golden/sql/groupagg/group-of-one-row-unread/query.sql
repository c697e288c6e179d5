-- The grouping of v2 has at most one row, and nobody reads its key. So the aggregation of v1 keeps
-- its first aggregate, COUNT, which changes with each row.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v1 AS SELECT COUNT(*) AS n, SUM(i) AS total, LAST_VALUE(ASCII(s)) AS last FROM t;
CREATE VIEW v2 AS SELECT last, COUNT(*) AS n FROM v1 GROUP BY last;

SELECT 'seen' AS state FROM v2;
