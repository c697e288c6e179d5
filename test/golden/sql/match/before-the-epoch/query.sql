-- no watermark is sent up to the epoch, so rows before it are never late
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES S.id AS s, E.id AS e, MATCH_ROWTIME() AS rt
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (S X*? E) WITHIN INTERVAL '4' SECOND
  DEFINE S AS kind = 's', E AS kind = 'e' AND E.v = S.v
) AS m;
