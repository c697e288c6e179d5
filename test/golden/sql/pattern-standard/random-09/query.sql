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
  ALL ROWS PER MATCH SHOW EMPTY MATCHES
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{2,} D{1,2} C)
  DEFINE A AS kind = 'a' OR id > PREV(id, 2) + 2 AND COUNT(A.*) <= 2, C AS LAST(CLASSIFIER(), 1) <> 'C' OR kind = 'c', D AS NEXT(val) > val OR SUM(val) < 9
) AS m;
