CREATE TABLE ticks (
  ts TIMESTAMP(3), symbol STRING, price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

SELECT symbol, average, until
FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol
  ORDER BY ts
  MEASURES AVG(T.price) AS average, LAST(T.ts) AS until
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (T{3})
  DEFINE T AS TRUE
) AS m;
