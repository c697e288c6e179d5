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
  PATTERN ((A*? (B{1,3} A? | B* D)*? B)* (A?){2,} B)
  DEFINE A AS kind = 'a' OR id > PREV(id, 2) + 2 AND COUNT(A.*) <= 2, B AS id > 0, D AS NEXT(val) > val OR SUM(val) < 9
) AS m;
