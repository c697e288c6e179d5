-- a match without a row to skip to fails the job; what came until then is told
CREATE TABLE steps (id INT, kind STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

CREATE VIEW pairs AS SELECT * FROM steps MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a, C.id AS c
  AFTER MATCH SKIP TO LAST B
  PATTERN (A B? C) WITHIN INTERVAL '10' SECOND
  DEFINE A AS A.kind = 'a', B AS B.kind = 'b', C AS C.kind = 'c');

EXPLAIN MATCH pairs;
