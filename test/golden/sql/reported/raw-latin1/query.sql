CREATE TABLE t (line STRING) WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'raw', 'raw.charset' = 'ISO-8859-1');
SELECT line FROM t;
