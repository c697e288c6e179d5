-- groups of the first rows
CREATE TABLE orders (
  id INT,
  cust STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

SELECT cust, COUNT(*) AS n, SUM(amount) AS total FROM (SELECT * FROM orders LIMIT 6) GROUP BY cust;
