-- Flink simplifies CASE with the same value in each branch, but not IF.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v AS SELECT s, SUM(b) AS total, MAX(i) AS most FROM t GROUP BY s;

SELECT s, IF(total IS NOT NULL, s, s) AS a, CASE WHEN most IS NOT NULL THEN s ELSE s END AS b FROM v;
