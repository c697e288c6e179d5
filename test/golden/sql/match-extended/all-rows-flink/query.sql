-- ALL ROWS PER MATCH with Flink's matching: CLASSIFIER, MATCH_NUMBER, RUNNING and FINAL, PREV,
-- SUBSET
CREATE TABLE steps (
  id INT,
  k STRING,
  kind STRING,
  val INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES MATCH_NUMBER() AS mn, CLASSIFIER() AS c, COUNT(M.id) AS soon, FINAL COUNT(M.id) AS n, PREV(val) AS before, LAST(U.id) AS u
  ALL ROWS PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S M* E)
  SUBSET U = (S, E)
  DEFINE S AS kind = 's', M AS kind = 'm', E AS kind = 'e'
) AS m;
