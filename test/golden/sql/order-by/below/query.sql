-- The expected rows are those of Flink with 'execution.runtime-mode' = 'batch'.
CREATE TABLE t (id INT, k STRING, v DECIMAL(6, 2), n INT, b BOOLEAN, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '60' SECOND) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
SELECT x + 1 AS y FROM (SELECT id AS x FROM t ORDER BY n DESC, id DESC LIMIT 3) AS s WHERE x > 2;
