SET 'execution.runtime-mode' = 'batch';
SET 'table.exec.mini-batch.enabled' = 'true';
SET 'table.exec.mini-batch.latency' = '1 s';
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT id FROM t;
