-- SESSION over many keys of two columns, some of them NULL, with late rows and a condition on the
-- result.
CREATE TABLE readings (
  id INT,
  device STRING,
  site INT,
  reading DOUBLE,
  size BIGINT,
  ok BOOLEAN,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/readings.jsonl', 'format' = 'json');

SELECT device, site, window_start, window_end,
  COUNT(*) AS n, COUNT(*) FILTER (WHERE ok) AS n_ok, SUM(size) AS total, MIN(reading) AS low, MAX(ok) AS any_ok
FROM TABLE(SESSION(TABLE readings PARTITION BY (device, site), DESCRIPTOR(ts), INTERVAL '3' SECOND))
GROUP BY device, site, window_start, window_end
HAVING COUNT(*) > 1;
