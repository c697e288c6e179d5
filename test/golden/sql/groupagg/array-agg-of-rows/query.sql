CREATE TABLE ev (id INT, ts TIMESTAMP(3), k STRING, x INT, y BIGINT, d DECIMAL(10,2), s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');
SELECT k, ARRAY_AGG(ROW(id, s)) AS ys FROM ev GROUP BY k;
