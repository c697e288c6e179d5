SET 'sequitur.match.semantics' = 'standard';
CREATE TABLE payments (id INT, card STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
CREATE VIEW rises AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts
  MEASURES A.id AS a, LAST(B.id) AS b, CLASSIFIER() AS last_variable
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B+ (C | D)) WITHIN INTERVAL '4' SECOND
  DEFINE B AS B.amount > A.amount AND B.amount > PREV(B.amount), C AS C.amount > 100, D AS D.amount < SUM(B.amount) AND D.amount < 4);
CREATE VIEW greedy AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts
  MEASURES FIRST(A.id) AS a, LAST(A.id) AS b
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A+) WITHIN INTERVAL '2' SECOND
  DEFINE A AS A.amount > 1);
EXPLAIN MATCH rises FOR KEY ('c1');
EXPLAIN MATCH rises FOR KEY ('c2');
EXPLAIN MATCH greedy FOR KEY ('c1');
