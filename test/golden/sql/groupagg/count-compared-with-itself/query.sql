CREATE TABLE t (k STRING, v INT) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE VIEW v AS SELECT k, COUNT(v) AS c FROM t GROUP BY k;
SELECT k FROM v WHERE CASE WHEN k = 'b' THEN c <= c WHEN k <> 'b' THEN NOT (c < c) END;
