-- Routes of a web service where more than a fifth of the requests failed in five minutes.
-- The result has a row for each minute.
CREATE TABLE requests (
  ts TIMESTAMP(3),
  route STRING,
  status INT,
  ms INT,
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/requests.jsonl', 'format' = 'json');

CREATE TABLE failing_routes (
  window_start TIMESTAMP(3),
  window_end TIMESTAMP(3),
  route STRING,
  requests BIGINT,
  failures BIGINT,
  slowest_ms INT
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO failing_routes
SELECT
  window_start,
  window_end,
  route,
  COUNT(*) AS requests,
  COUNT(*) FILTER (WHERE status >= 500) AS failures,
  MAX(ms) AS slowest_ms
FROM TABLE(HOP(TABLE requests, DESCRIPTOR(ts), INTERVAL '1' MINUTE, INTERVAL '5' MINUTE))
GROUP BY window_start, window_end, route
HAVING COUNT(*) >= 10 AND COUNT(*) FILTER (WHERE status >= 500) * 5 > COUNT(*);
