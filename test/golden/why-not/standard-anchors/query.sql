SET 'sequitur.match.semantics' = 'standard';
CREATE TABLE payments (id INT, card STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
CREATE VIEW first_rows AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS a, B.id AS b
  ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
  PATTERN (^ A B) DEFINE B AS B.amount > A.amount);
CREATE VIEW last_rows AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES A.id AS a, B.id AS b
  ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B $) DEFINE B AS B.amount > A.amount);
CREATE VIEW empty_matches AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts MEASURES COUNT(A.id) AS n
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A*) DEFINE A AS A.amount > 6);
EXPLAIN MATCH first_rows FOR KEY ('c1');
EXPLAIN MATCH last_rows FOR KEY ('c2');
EXPLAIN MATCH empty_matches FOR KEY ('c2') BETWEEN '2026-01-01 10:00:04' AND '2026-01-01 10:00:06';
