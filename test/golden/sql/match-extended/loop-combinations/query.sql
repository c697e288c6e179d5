-- all ways to choose the rows of a loop
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
  MEASURES S.id AS s, LISTAGG(CAST(M.id AS STRING)) AS ms, E.id AS e
  AFTER MATCH NO SKIP
  PATTERN (S FOLLOWED BY M+? COMBINATIONS FOLLOWED BY E) WITHIN INTERVAL '1' MINUTE
  DEFINE S AS kind = 's', M AS kind = 'm', E AS kind = 'e'
) AS m;
