-- The expected rows are those of Flink with 'execution.runtime-mode' = 'batch'.
CREATE TABLE t (id INT, k STRING, v DECIMAL(6, 2), n INT, b BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '60' SECOND) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT id, n + 1 AS m, UPPER(k) AS u FROM t WHERE k IS NOT NULL ORDER BY 3, m DESC, MOD(id, 7), id;
