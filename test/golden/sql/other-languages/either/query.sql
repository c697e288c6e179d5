CREATE TABLE steps (
  ts TIMESTAMP(3), order_id STRING, step STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT order_id, ended_by, ended_at
FROM steps MATCH_RECOGNIZE (
  PARTITION BY order_id
  ORDER BY ts
  MEASURES E.step AS ended_by, E.ts AS ended_at
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (O FOLLOWED BY E) WITHIN INTERVAL '1' DAY
  DEFINE O AS O.step = 'ordered', E AS E.step IN ('paid', 'cancelled')
) AS m;
