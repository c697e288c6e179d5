CREATE TABLE ticks (
  ts TIMESTAMP(3), symbol STRING, price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

SELECT window_end, symbol, COUNT(*) AS ticks, MAX(price) AS highest
FROM TABLE(HOP(TABLE ticks, DESCRIPTOR(ts), INTERVAL '20' SECOND, INTERVAL '1' MINUTE))
GROUP BY window_start, window_end, symbol;
