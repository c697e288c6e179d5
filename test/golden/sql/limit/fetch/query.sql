-- OFFSET and FETCH of the SQL standard
CREATE TABLE orders (
  id INT,
  cust STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

SELECT id, amount FROM orders OFFSET 4 ROWS FETCH NEXT 3 ROWS ONLY;
