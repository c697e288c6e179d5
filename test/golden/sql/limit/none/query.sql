-- LIMIT 0 gives no row
CREATE TABLE orders (
  id INT,
  cust STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

SELECT id FROM orders LIMIT 0;
