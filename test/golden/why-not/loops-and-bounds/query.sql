-- a greedy loop takes what would end it; times run out; nothing of the key came in time
CREATE TABLE ticks (id INT, symbol STRING, price BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ticks.jsonl', 'format' = 'json');

CREATE VIEW runs AS SELECT * FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol
  ORDER BY ts
  MEASURES FIRST(A.id) AS a, LAST(A.id) AS l, B.id AS b
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A+ B) WITHIN INTERVAL '10' SECOND
  DEFINE A AS A.price > 10 AND AVG(A.price) < 40, B AS B.price > 20
);

EXPLAIN MATCH runs FOR KEY ('x');
EXPLAIN MATCH runs FOR KEY ('nobody');
