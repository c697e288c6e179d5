CREATE TABLE ev (id INT, ts TIMESTAMP(3), k STRING, x INT, y BIGINT, d DECIMAL(10,2), s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');
SELECT n, ARRAY_AGG(m) AS ks FROM (SELECT k, MAX(y) AS m, COUNT(*) AS n FROM ev GROUP BY k) GROUP BY n;
