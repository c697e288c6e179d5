-- The seller with the largest turnover in each ten minutes.
-- The first window sums up by seller. The second window takes the largest sum. MAX compares texts,
-- the sum with leading zeros and then the seller, so the result also has the name of the seller.
CREATE TABLE orders (
  ts TIMESTAMP(3),
  order_id BIGINT,
  seller STRING,
  amount DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '10' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

CREATE TABLE best_sellers (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  seller STRING,
  turnover DECIMAL(14, 2),
  sellers BIGINT
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

CREATE VIEW seller_totals AS
SELECT seller, LPAD(CAST(SUM(amount) AS STRING), 14, '0') || ' ' || seller AS total_and_seller, window_time AS total_at
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(ts), INTERVAL '10' MINUTE))
GROUP BY seller, window_start, window_end, window_time;

INSERT INTO best_sellers
SELECT
  window_start,
  window_end,
  SUBSTRING(MAX(total_and_seller) FROM 16) AS seller,
  CAST(SUBSTRING(MAX(total_and_seller) FROM 1 FOR 14) AS DECIMAL(14, 2)) AS turnover,
  COUNT(*) AS sellers
FROM TABLE(TUMBLE(TABLE seller_totals, DESCRIPTOR(total_at), INTERVAL '10' MINUTE))
GROUP BY window_start, window_end;
