CREATE TABLE ev (id INT, ts TIMESTAMP(3), k STRING, x INT, y BIGINT, d DECIMAL(10,2), s STRING, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');
SELECT * FROM ev MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES ARRAY_AGG(B.ts) AS ys AFTER MATCH SKIP PAST LAST ROW PATTERN (A B+ C) DEFINE A AS x = 1, B AS x = 2, C AS x = 1) AS m;
