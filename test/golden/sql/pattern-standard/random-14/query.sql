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
  MEASURES MATCH_NUMBER() AS mn, CLASSIFIER() AS c, COUNT(*) AS n, FINAL LAST(id) AS fl, SUM(A.val) AS s, NEXT(val) AS nv
  ALL ROWS PER MATCH WITH UNMATCHED ROWS
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN ((B{2,}? ^ PERMUTE(A A D+, B B{2}? C, D{2})){2})
  DEFINE A AS kind IN ('a', 'b'), B AS kind = 'b' OR val > LAST(A.val), C AS kind IN ('c', 'a'), D AS NEXT(val) > val OR SUM(val) < 9
) AS m;
