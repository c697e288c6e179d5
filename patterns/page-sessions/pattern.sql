-- One row for each visit: its pages, its different pages, and its duration.
-- A visit ends after half an hour without a page view.
CREATE TABLE page_views (
  ts TIMESTAMP(3),
  visitor STRING,
  page STRING,
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/page_views.jsonl', 'format' = 'json');

CREATE TABLE visits (
  visitor STRING,
  visit_start TIMESTAMP(3),
  pages BIGINT,
  different_pages BIGINT,
  seconds INT,
  reached_checkout BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO visits
SELECT
  visitor,
  window_start,
  COUNT(*) AS pages,
  COUNT(DISTINCT page) AS different_pages,
  TIMESTAMPDIFF(SECOND, MIN(ts), MAX(ts)) AS seconds,
  COUNT(*) FILTER (WHERE page = '/checkout') > 0 AS reached_checkout
FROM TABLE(SESSION(TABLE page_views PARTITION BY visitor, DESCRIPTOR(ts), INTERVAL '30' MINUTE))
GROUP BY visitor, window_start, window_end;
