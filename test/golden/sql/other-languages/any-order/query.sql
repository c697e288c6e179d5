CREATE TABLE steps (
  ts TIMESTAMP(3), order_id STRING, step STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

-- The rows of a match follow each other directly, so other steps are left out first.
CREATE VIEW wanted AS SELECT * FROM steps WHERE step IN ('packed', 'paid');

SELECT order_id, first_step, first_at, last_at
FROM wanted MATCH_RECOGNIZE (
  PARTITION BY order_id
  ORDER BY ts
  MEASURES FIRST(step) AS first_step, FIRST(ts) AS first_at, LAST(ts) AS last_at
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (PERMUTE(PACKED, PAID)) WITHIN INTERVAL '1' HOUR
  DEFINE PACKED AS step = 'packed', PAID AS step = 'paid'
) AS m;
