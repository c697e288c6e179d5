CREATE TABLE ticks (id INT, symbol STRING, lot BIGINT, price BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'ticks.jsonl', 'format' = 'json');
CREATE VIEW rising AS SELECT * FROM ticks MATCH_RECOGNIZE (
  PARTITION BY symbol, lot ORDER BY ts MEASURES A.id AS a, B.id AS b PATTERN (A B) WITHIN INTERVAL '10' SECOND
  DEFINE B AS B.price > A.price);
CREATE VIEW dear AS SELECT * FROM ticks WHERE price > 100;
CREATE VIEW alone AS SELECT * FROM ticks MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a PATTERN (A B) WITHIN INTERVAL '10' SECOND DEFINE B AS B.price > A.price);
CREATE VIEW both AS SELECT a FROM rising UNION ALL SELECT a FROM alone;

EXPLAIN MATCH rissing FOR KEY ('x', 1);
EXPLAIN MATCH ticks FOR KEY ('x', 1);
EXPLAIN MATCH dear;
EXPLAIN MATCH both;
EXPLAIN MATCH rising FOR KEY ('x');
EXPLAIN MATCH rising FOR KEY ('x', 'one');
EXPLAIN MATCH rising FOR KEY ('x', 1 + 1);
EXPLAIN MATCH alone FOR KEY ('x');
EXPLAIN MATCH alone BETWEEN '2026-01-01' AND 'later';
EXPLAIN MATCH rising FOR KEY;
