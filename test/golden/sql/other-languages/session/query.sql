CREATE TABLE clicks (
  ts TIMESTAMP(3), visitor STRING, page STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/clicks.jsonl', 'format' = 'json');

SELECT window_start, window_end, visitor, COUNT(*) AS pages
FROM TABLE(SESSION(TABLE clicks PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, visitor;
