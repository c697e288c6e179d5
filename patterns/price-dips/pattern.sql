-- Shares whose price falls for three months or more and then rises again.
-- The result has the top, the bottom, the loss and the month of the turn.
CREATE TABLE prices (
  ts TIMESTAMP(3),
  symbol STRING,
  price DECIMAL(10, 2),
  -- All symbols have a price at the same time. Without a delay, the first price would make the
  -- others late.
  WATERMARK FOR ts AS ts - INTERVAL '1' DAY
) WITH ('connector' = 'filesystem', 'path' = 'input/prices.jsonl', 'format' = 'json');

CREATE TABLE dips (
  symbol STRING,
  top_month TIMESTAMP(3),
  top_price DECIMAL(10, 2),
  months_down BIGINT,
  bottom_price DECIMAL(10, 2),
  turn_month TIMESTAMP(3),
  turn_price DECIMAL(10, 2)
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO dips
SELECT symbol, top_month, top_price, months_down, bottom_price, turn_month, turn_price
FROM prices MATCH_RECOGNIZE (
  PARTITION BY symbol
  ORDER BY ts
  MEASURES
    TOP.ts AS top_month,
    TOP.price AS top_price,
    COUNT(DOWN.price) AS months_down,
    LAST(DOWN.price) AS bottom_price,
    UP.ts AS turn_month,
    UP.price AS turn_price
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (TOP DOWN{3,} UP) WITHIN INTERVAL '700' DAY(3)
  DEFINE
    DOWN AS (LAST(DOWN.price, 1) IS NULL AND DOWN.price < TOP.price) OR DOWN.price < LAST(DOWN.price, 1),
    UP AS UP.price > LAST(DOWN.price)
) AS found;
