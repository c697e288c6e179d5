-- a group of two, twice
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
  MEASURES FIRST(M.id) AS m1, LAST(M.id) AS m2, FIRST(N.id) AS n1, LAST(N.id) AS n2
  AFTER MATCH NO SKIP
  PATTERN ((M FOLLOWED BY N){2} RELAXED) WITHIN INTERVAL '1' MINUTE
  DEFINE M AS kind IN ('s', 'm'), N AS val > M.val
) AS m;
