-- session windows over UNION ALL of two filters that share rows
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

CREATE VIEW chosen AS
SELECT card, amount, ts FROM payments WHERE amount >= 10
UNION ALL
SELECT card, amount, ts FROM payments WHERE country = 'DE';

SELECT card, window_start, window_end, COUNT(*) AS n, MAX(amount) AS top
FROM TABLE(SESSION(TABLE chosen PARTITION BY card, DESCRIPTOR(ts), INTERVAL '5' SECOND))
GROUP BY card, window_start, window_end;
