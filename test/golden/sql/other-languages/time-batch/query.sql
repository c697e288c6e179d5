CREATE TABLE ticks (
  ts TIMESTAMP(3), symbol STRING, price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

SELECT window_start, window_end, symbol, AVG(price) AS average
FROM TABLE(TUMBLE(TABLE ticks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, symbol;
