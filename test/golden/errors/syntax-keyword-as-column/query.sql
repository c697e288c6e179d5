CREATE TABLE t (
  table STRING,
  id INT
) WITH ('connector' = 'blackhole');
