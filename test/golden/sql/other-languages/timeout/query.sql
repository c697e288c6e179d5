CREATE TABLE steps (
  ts TIMESTAMP(3), order_id STRING, step STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT order_id, status, ordered_at, paid_at, decided_at
FROM steps MATCH_RECOGNIZE (
  PARTITION BY order_id
  ORDER BY ts
  MEASURES MATCH_STATUS() AS status, O.ts AS ordered_at, P.ts AS paid_at, MATCH_ROWTIME() AS decided_at
  ONE ROW PER MATCH SHOW TIMEOUT MATCHES
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (O FOLLOWED BY P) WITHIN INTERVAL '10' MINUTE
  DEFINE O AS O.step = 'ordered', P AS P.step = 'paid'
) AS m;
