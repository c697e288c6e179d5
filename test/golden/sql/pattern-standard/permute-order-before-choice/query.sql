CREATE TABLE t (
  id INT,
  kind STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT mn, id, c FROM t MATCH_RECOGNIZE (
  ORDER BY ts
  MEASURES MATCH_NUMBER() AS mn, CLASSIFIER() AS c
  ALL ROWS PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (PERMUTE(A??, B, C) D)
  DEFINE A AS kind = 'a', B AS kind = 'b', C AS kind IN ('a', 'c'), D AS kind = 'c' OR kind = 'd'
) AS m;
