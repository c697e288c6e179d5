CREATE TABLE t (a ARRAY<INT>, b BYTES) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT PRINTF('%s', a), PRINTF('%s', b), PRINTF(5, a), PRINTF() FROM t;
