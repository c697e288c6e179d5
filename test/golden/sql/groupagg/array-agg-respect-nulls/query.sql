-- ARRAY_AGG(v) RESPECT NULLS
CREATE TABLE t (k STRING, n INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(v) RESPECT NULLS AS x FROM t GROUP BY k;
