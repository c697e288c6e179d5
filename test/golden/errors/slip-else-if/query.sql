CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
SELECT CASE WHEN v = 1 THEN 1 ELSE IF v = 2 THEN 2 END FROM t;
