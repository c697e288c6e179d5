CREATE TABLE t (
  a TEXT,
  b VARCAHR(10),
  c DECIMAL(50, 2),
  d DECIMAL(5, 8),
  e TIMESTAMP(12),
  f MAP<STRING>,
  g DATETIME
) WITH ('connector' = 'blackhole');
