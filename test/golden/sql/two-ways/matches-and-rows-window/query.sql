-- a window over UNION ALL of matches and of the rows they come from
CREATE TABLE payments (
  id INT,
  card STRING,
  country STRING,
  amount INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');

CREATE VIEW rises AS
SELECT card, last_id AS id, rt AS ts
FROM payments MATCH_RECOGNIZE (
  PARTITION BY card
  ORDER BY ts
  MEASURES B.id AS last_id, MATCH_ROWTIME() AS rt
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B)
  DEFINE B AS B.amount > A.amount
) AS m;
CREATE VIEW all_rows AS
SELECT 'rise' AS what, card, id, ts FROM rises UNION ALL SELECT 'row', card, id, ts FROM payments;

SELECT window_start, window_end, what, COUNT(*) AS n, MIN(id) AS least, MAX(id) AS most
FROM TABLE(TUMBLE(TABLE all_rows, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, what;
