-- Sales, items and revenue of each product category in each full hour.
CREATE TABLE sales (
  ts TIMESTAMP(3),
  sale_id BIGINT,
  category STRING,
  quantity INT,
  price DECIMAL(10, 2),
  WATERMARK FOR ts AS ts - INTERVAL '1' MINUTE
) WITH ('connector' = 'filesystem', 'path' = 'input/sales.jsonl', 'format' = 'json');

CREATE TABLE hourly_sales (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  category STRING,
  sales BIGINT,
  items BIGINT,
  revenue DECIMAL(38, 2)
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO hourly_sales
SELECT window_start, window_end, category, COUNT(*), SUM(CAST(quantity AS BIGINT)), CAST(SUM(quantity * price) AS DECIMAL(38, 2))
FROM TABLE(TUMBLE(TABLE sales, DESCRIPTOR(ts), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, category;
