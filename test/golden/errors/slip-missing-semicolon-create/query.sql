CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
CREATE VIEW x AS SELECT id FROM t
SELECT * FROM x;
