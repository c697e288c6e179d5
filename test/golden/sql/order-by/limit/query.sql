-- The expected rows are those of Flink with 'execution.runtime-mode' = 'batch'.
CREATE TABLE t (id INT, k STRING, v DECIMAL(6, 2), n INT, b BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '60' SECOND) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT id, v FROM t WHERE v IS NOT NULL ORDER BY v DESC, id LIMIT 5 OFFSET 2;
