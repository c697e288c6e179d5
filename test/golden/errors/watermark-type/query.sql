CREATE TABLE t (
  ts TIMESTAMP(3),
  id INT,
  WATERMARK FOR ts AS id
) WITH ('connector' = 'kafka');
