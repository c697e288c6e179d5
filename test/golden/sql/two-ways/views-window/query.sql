-- a window over UNION ALL of two views of one table
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

CREATE VIEW home AS SELECT id, card, amount, ts FROM payments WHERE country = 'DE';
CREATE VIEW abroad AS SELECT id, card, amount * 2 AS amount, ts FROM payments WHERE country <> 'DE';
CREATE VIEW both_views AS SELECT * FROM home UNION ALL SELECT * FROM abroad;

SELECT card, window_start, window_end, COUNT(*) AS n, SUM(amount) AS total
FROM TABLE(TUMBLE(TABLE both_views, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY card, window_start, window_end;
