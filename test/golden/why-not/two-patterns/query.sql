CREATE TABLE payments (id INT, card STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
-- two patterns in one SELECT, and another job with a pattern of the same name
SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS a, B.id AS b AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B) DEFINE B AS B.amount > A.amount)
UNION ALL
SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS a, B.id AS b AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B) DEFINE B AS B.amount < A.amount);
SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES BIG.id AS a AFTER MATCH SKIP PAST LAST ROW PATTERN (BIG) DEFINE BIG AS amount > 8);
EXPLAIN MATCH 'result.match-2' FOR KEY ('c1');
EXPLAIN MATCH 'query.result/result.match' FOR KEY ('c1');
EXPLAIN MATCH 'query.result-2/result.match' FOR KEY ('c1');
