CREATE TABLE t (
  id INT,
  ts TIMESTAMP(3)
) WITH ('connector' = 'kafka');
SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND)) GROUP BY window_start, window_end;
