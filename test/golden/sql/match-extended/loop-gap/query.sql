-- at most so long between two rows of a loop
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
  PATTERN (S FOLLOWED BY M{2} RELAXED WITHIN INTERVAL '2' SECOND) WITHIN INTERVAL '1' MINUTE
  DEFINE S AS kind = 's', M AS kind = 'm'
) AS m;
