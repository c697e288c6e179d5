-- ARRAY_AGG(DISTINCT v) IGNORE NULLS
CREATE TABLE t (k STRING, n INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(DISTINCT v) IGNORE NULLS AS x FROM t GROUP BY k;
