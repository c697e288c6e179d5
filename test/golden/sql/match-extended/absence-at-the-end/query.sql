-- a row that is not followed by another in time, found without a further row of its key
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
  MEASURES S.id AS s, MATCH_STATUS() AS st
  AFTER MATCH NO SKIP
  PATTERN (S NOT FOLLOWED BY E) WITHIN INTERVAL '8' SECOND
  DEFINE S AS kind = 's', E AS kind = 'e'
) AS m;
