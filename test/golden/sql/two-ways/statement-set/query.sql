-- a statement set writes a pattern and a window of the same table
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
CREATE TABLE rises (card STRING, first_id INT, last_id INT)
WITH ('connector' = 'filesystem', 'path' = 'out/rises', 'format' = 'json');
CREATE TABLE totals (card STRING, window_start TIMESTAMP(3), n BIGINT, total INT)
WITH ('connector' = 'filesystem', 'path' = 'out/totals', 'format' = 'json');

EXECUTE STATEMENT SET BEGIN
INSERT INTO rises
SELECT card, first_id, last_id
FROM payments MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY ts
  MEASURES A.id AS first_id, B.id AS last_id
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B) WITHIN INTERVAL '8' SECOND
  DEFINE B AS B.amount > A.amount
) AS m;
INSERT INTO totals
SELECT card, window_start, COUNT(*), SUM(amount)
FROM TABLE(TUMBLE(TABLE payments, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY card, window_start, window_end;
END;
