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
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN ((B? C B{1,2}?) (C | (A{2}? C{0,2}?)? C){1,2}?)
  DEFINE A AS kind = 'a' OR id > PREV(id, 2) + 2 AND COUNT(A.*) <= 2, B AS kind IN ('b', 'c'), C AS kind IN ('c', 'a')
) AS m;
