-- ARRAY_AGG(v) IGNORE NULLS FILTER (WHERE n > 1)
CREATE TABLE t (k STRING, n INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(v) IGNORE NULLS FILTER (WHERE n > 1) AS x FROM t GROUP BY k;
