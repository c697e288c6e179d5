-- windows of the first rows: the watermark goes on behind them
CREATE TABLE orders (
  id INT,
  cust STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/orders.jsonl', 'format' = 'json');

CREATE VIEW firsts AS SELECT * FROM orders LIMIT 6;

SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE firsts, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY window_start, window_end;
