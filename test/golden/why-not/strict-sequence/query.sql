CREATE TABLE payments (id INT, card STRING, kind STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
CREATE VIEW alerts AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts
  MEASURES A.id AS a, LAST(B.id) AS b, C.id AS c
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+ C) WITHIN INTERVAL '1' MINUTE
  DEFINE A AS A.amount < 10, B AS B.kind = 'pay' AND B.amount >= A.amount, C AS C.amount > 5 * A.amount AND C.kind = 'cash');
EXPLAIN MATCH alerts FOR KEY ('c1');
