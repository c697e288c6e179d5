-- Nobody reads `u`. Flink removes it from the upper grouping, but keeps the aggregate of the lower
-- one that only `u` reads. So a change of `least` sends −D and +I with equal values.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v1 AS SELECT SUM(i) FILTER (WHERE f) AS total, MAX(b) AS most, MIN(CHAR_LENGTH(s)) AS least FROM t;

SELECT s FROM (SELECT AVG(total) AS s, AVG(least + 1) AS u FROM v1);
