CREATE TABLE payments (id INT, card STRING, amount BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/payments.jsonl', 'format' = 'json');
CREATE VIEW rises AS SELECT * FROM payments MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY ts
  MEASURES A.amount AS low, B.amount AS high, MATCH_ROWTIME() AS at
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B) DEFINE B AS B.amount > A.amount);
CREATE VIEW rises_twice AS SELECT * FROM rises MATCH_RECOGNIZE (
  PARTITION BY card ORDER BY at
  MEASURES A.low AS first_low, B.high AS last_high
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B) DEFINE B AS B.low > A.high);
EXPLAIN MATCH rises_twice FOR KEY ('c1');
EXPLAIN MATCH rises FOR KEY ('c1');
EXPLAIN MATCH rises_twice FOR KEY ('c2');
