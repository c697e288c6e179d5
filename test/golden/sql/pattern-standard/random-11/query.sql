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
  ALL ROWS PER MATCH OMIT EMPTY MATCHES
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (C{2} ((A* | C A+ B) | C+ (D C) PERMUTE(B A{1,2}, A B*, D B{2}?){1,2}))
  DEFINE A AS kind IN ('a', 'b'), B AS kind IN ('b', 'c'), C AS kind IN ('c', 'a'), D AS id >= 0
) AS m;
