CREATE TABLE steps (
  ts TIMESTAMP(3), order_id STRING, step STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT order_id, ordered_at, paid_at
FROM steps MATCH_RECOGNIZE (
  PARTITION BY order_id
  ORDER BY ts
  MEASURES O.ts AS ordered_at, P.ts AS paid_at
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (O NOT FOLLOWED BY C FOLLOWED BY P) WITHIN INTERVAL '1' DAY
  DEFINE O AS O.step = 'ordered', C AS C.step = 'cancelled', P AS P.step = 'paid'
) AS m;
