CREATE TABLE ticks (id INT, price BIGINT, at AS PROCTIME(), ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'ticks.jsonl', 'format' = 'json');
CREATE VIEW by_clock AS SELECT * FROM ticks MATCH_RECOGNIZE (
  ORDER BY at MEASURES A.id AS a PATTERN (A B) WITHIN INTERVAL '10' SECOND DEFINE B AS B.price > A.price);
EXPLAIN MATCH by_clock;
