CREATE TABLE ticks (
  ts TIMESTAMP(3), symbol STRING, price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

SELECT symbol, LAST_VALUE(price) AS price, COUNT(*) AS ticks
FROM ticks
GROUP BY symbol;
