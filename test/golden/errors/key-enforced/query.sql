CREATE TABLE t (
  id INT PRIMARY KEY,
  name STRING UNIQUE
) WITH ('connector' = 'blackhole');
