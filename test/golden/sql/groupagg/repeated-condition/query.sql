-- A branch of a condition that repeats the condition of an earlier branch is never taken. So nobody
-- reads `total`. A CASE that is no condition keeps the branch.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v AS SELECT s, SUM(b) AS total, MAX(i) AS most FROM t GROUP BY s;

SELECT s FROM v WHERE CASE WHEN most IS NOT NULL THEN most IS NOT NULL WHEN most IS NOT NULL THEN total > 3 END;
