-- UNION ALL of a pattern and a window over the same table
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

SELECT 'rise' AS what, card, first_id AS n, last_id AS m
FROM payments MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY ts
  MEASURES A.id AS first_id, B.id AS last_id
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B) WITHIN INTERVAL '8' SECOND
  DEFINE B AS B.amount > A.amount
) AS rises
UNION ALL
SELECT 'window', card, CAST(COUNT(*) AS INT), SUM(amount)
FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY card, window_start, window_end;
