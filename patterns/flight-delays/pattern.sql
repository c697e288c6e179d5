-- Origin airports whose flights were 15 minutes late or more on average in the last six hours.
CREATE TABLE flights (
  ts TIMESTAMP(3),
  origin STRING,
  destination STRING,
  delay_minutes INT,
  distance_miles INT,
  WATERMARK FOR ts AS ts - INTERVAL '3' HOUR
) WITH ('connector' = 'filesystem', 'path' = 'input/flights.jsonl', 'format' = 'json');

CREATE TABLE late_airports (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  origin STRING,
  flights BIGINT,
  average_delay_minutes INT,
  worst_delay_minutes INT
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO late_airports
SELECT window_start, window_end, origin, COUNT(*), AVG(delay_minutes), MAX(delay_minutes)
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(ts), INTERVAL '6' HOUR))
GROUP BY window_start, window_end, origin
HAVING COUNT(*) >= 3 AND AVG(delay_minutes) >= 15;
