SET 'scan.watermark.idle-timeout' = '5 s';
CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT id FROM t;
