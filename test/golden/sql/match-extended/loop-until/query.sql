-- a loop that a row ends
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
  MEASURES S.id AS s, LISTAGG(CAST(M.id AS STRING)) AS ms
  AFTER MATCH NO SKIP
  PATTERN (S FOLLOWED BY M+? RELAXED UNTIL X) WITHIN INTERVAL '1' MINUTE
  DEFINE S AS kind = 's', M AS kind = 'm', X AS val < 10
) AS m;
