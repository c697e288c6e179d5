CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
SELECT id v ts FROM t;
