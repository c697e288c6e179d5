CREATE TABLE t (id SMALLINT, b BOOLEAN, d DATE, f DOUBLE, i BIGINT, s STRING, name STRING, t TIMESTAMP(3))
PARTITIONED BY (d, i, b, f, s, t)
WITH ('connector' = 'filesystem', 'path' = 'input/t', 'format' = 'csv');
SELECT t, s, f, b, i, d, id, name FROM t;
