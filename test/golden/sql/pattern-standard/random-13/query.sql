CREATE TABLE t (
  id INT,
  k STRING,
  kind STRING,
  val INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT * FROM t MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES MATCH_NUMBER() AS mn, CLASSIFIER() AS c, COUNT(*) AS n, FINAL LAST(id) AS fl, FIRST(val, 1) AS s, NEXT(val) AS nv
  ALL ROWS PER MATCH WITH UNMATCHED ROWS
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (PERMUTE(D? D, C{1,2}?){2,} D)
  DEFINE C AS LAST(CLASSIFIER(), 1) <> 'C' OR kind = 'c', D AS NEXT(val) > val OR SUM(val) < 9
) AS m;
