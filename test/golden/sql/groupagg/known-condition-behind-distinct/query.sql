-- A COUNT is never NULL, also behind DISTINCT. So nobody reads it, and it sends no changes.
CREATE TABLE t (i INT, b BIGINT, s STRING, f BOOLEAN, dy DATE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v1 AS SELECT SUM(i) AS total, COUNT(dy) FILTER (WHERE i <> 7) AS days FROM t;
CREATE VIEW v2 AS SELECT DISTINCT total, days FROM v1;

SELECT total, CASE WHEN days IS NOT NULL THEN 'known' ELSE 'unknown' END AS state FROM v2;
