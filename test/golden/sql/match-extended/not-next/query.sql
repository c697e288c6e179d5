-- the very next row must not be of a kind
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
  MEASURES S.id AS s, E.id AS e
  AFTER MATCH NO SKIP
  PATTERN (S NOT NEXT N FOLLOWED BY E) WITHIN INTERVAL '1' MINUTE
  DEFINE S AS kind = 's', N AS kind = 'n', E AS kind = 'e'
) AS m;
