-- ONE ROW PER MATCH with SUBSET, CLASSIFIER and MATCH_NUMBER
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
  MEASURES MATCH_NUMBER() AS mn, CLASSIFIER() AS c, CLASSIFIER(U) AS cu, SUM(U.val) AS su, FIRST(U.id) AS f, LAST(U.id, 1) AS l
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S M*? E)
  SUBSET U = (S, M)
  DEFINE S AS kind = 's', M AS kind = 'm', E AS kind = 'e'
) AS m;
