CREATE TABLE temperatures (
  ts TIMESTAMP(3), machine STRING, celsius DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/temperatures.jsonl', 'format' = 'json');

SELECT window_start, machine, FIRST_VALUE(celsius) AS celsius, COUNT(*) AS alerts
FROM TABLE(TUMBLE(TABLE temperatures, DESCRIPTOR(ts), INTERVAL '1' HOUR))
WHERE celsius > 85
GROUP BY window_start, window_end, machine;
