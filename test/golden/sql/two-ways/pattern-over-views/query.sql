-- a pattern over UNION ALL of two views of one table
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

SELECT *
FROM both_views MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY ts
  MEASURES A.id AS first_id, A.amount AS first_amount, B.id AS last_id, COUNT(X.id) AS between_them
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A X*? B) WITHIN INTERVAL '12' SECOND
  DEFINE B AS B.amount > 2 * A.amount
) AS m;
