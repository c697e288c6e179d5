-- The expected rows are those of Flink with 'execution.runtime-mode' = 'batch'.
CREATE TABLE t (id INT, k STRING, v DECIMAL(6, 2), n INT, b BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '60' SECOND) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT id, k, v FROM t ORDER BY k DESC NULLS FIRST, v NULLS LAST, id DESC;
