CREATE TABLE ticks (
  ts TIMESTAMP(3), symbol STRING, price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

SELECT symbol, price FROM ticks WHERE price > 100;
