-- A CASE that is no condition keeps a branch with a repeated condition, so it reads `total`.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v AS SELECT s, SUM(b) AS total, MAX(i) AS most FROM t GROUP BY s;

SELECT s, CASE WHEN most IS NOT NULL THEN 1 WHEN most IS NOT NULL THEN CAST(total AS INT) END AS v FROM v;
