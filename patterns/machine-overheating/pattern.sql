-- A machine above 85 degrees that gets 8 degrees hotter within five minutes.
-- It must not have cooled below 85 degrees in between.
CREATE TABLE temperatures (
  ts TIMESTAMP(3),
  machine STRING,
  celsius DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '30' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/temperatures.jsonl', 'format' = 'json');

CREATE TABLE overheating (
  machine STRING,
  hot_at TIMESTAMP(3),
  hot_celsius DOUBLE,
  hotter_at TIMESTAMP(3),
  hotter_celsius DOUBLE
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO overheating
SELECT machine, hot_at, hot_celsius, hotter_at, hotter_celsius
FROM temperatures MATCH_RECOGNIZE (
  PARTITION BY machine
  ORDER BY ts
  MEASURES
    HOT.ts AS hot_at,
    HOT.celsius AS hot_celsius,
    HOTTER.ts AS hotter_at,
    HOTTER.celsius AS hotter_celsius
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (HOT STILL_HOT*? HOTTER) WITHIN INTERVAL '5' MINUTE
  DEFINE
    HOT AS HOT.celsius > 85,
    STILL_HOT AS STILL_HOT.celsius > 85 AND STILL_HOT.celsius < HOT.celsius + 8,
    HOTTER AS HOTTER.celsius >= HOT.celsius + 8
) AS found;
