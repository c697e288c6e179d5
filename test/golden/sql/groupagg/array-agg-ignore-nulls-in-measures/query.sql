-- ARRAY_AGG(B.v) IGNORE NULLS
CREATE TABLE t (k STRING, n INT, v STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT * FROM t MATCH_RECOGNIZE (ORDER BY ts MEASURES ARRAY_AGG(B.v) IGNORE NULLS AS x PATTERN (A B+ C) DEFINE A AS A.n = 3, B AS B.n > 0, C AS C.n = 4);
