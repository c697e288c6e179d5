CREATE TABLE temperatures (
  ts TIMESTAMP(3), machine STRING, celsius DOUBLE,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/temperatures.jsonl', 'format' = 'json');

SELECT machine, hot, hotter
FROM temperatures MATCH_RECOGNIZE (
  PARTITION BY machine
  ORDER BY ts
  MEASURES A.celsius AS hot, B.celsius AS hotter
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B)
  DEFINE A AS A.celsius > 85, B AS B.celsius > A.celsius + 8
) AS m;
