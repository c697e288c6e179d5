CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
CREATE TABLE x (ts TIMESTAMP(3), WATERMARK ts AS ts) WITH ('connector' = 'blackhole');
