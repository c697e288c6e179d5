-- each later row makes a match of its own
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
  MEASURES S.id AS s, M.id AS m
  AFTER MATCH NO SKIP
  PATTERN (S FOLLOWED BY ANY M) WITHIN INTERVAL '1' MINUTE
  DEFINE S AS kind = 's', M AS kind = 'm'
) AS m;
