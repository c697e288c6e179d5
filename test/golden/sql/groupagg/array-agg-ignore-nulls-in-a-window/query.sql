-- ARRAY_AGG(v IGNORE NULLS)
CREATE TABLE t (k STRING, n INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT ARRAY_AGG(v IGNORE NULLS) AS x FROM TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '4' SECOND) GROUP BY window_start, window_end;
