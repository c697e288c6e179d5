CREATE TABLE t (
  id INT,
  ts TIMESTAMP(3),
  WATERMARK FOR tss AS ts
) WITH ('connector' = 'blackhole');
