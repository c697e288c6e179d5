CREATE TABLE ev (id INT, ts TIMESTAMP(3), k STRING, x INT, y BIGINT, d DECIMAL(10,2), s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');
SELECT k, window_start, ARRAY_AGG(y) AS ys FROM TABLE(TUMBLE(TABLE ev, DESCRIPTOR(ts), INTERVAL '5' SECOND)) GROUP BY window_start, window_end, k;
