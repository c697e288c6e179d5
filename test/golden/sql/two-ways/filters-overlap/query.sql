-- UNION ALL of two filters that share rows: a shared row is there twice
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

SELECT id, card FROM payments WHERE amount >= 10
UNION ALL
SELECT id, card FROM payments WHERE country = 'DE';
