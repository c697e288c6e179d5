-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq
  MEASURES A.kind AS m0, LAST(A.id) AS m1, LAST(A.id,1) AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, FIRST(B.id,1) AS m5, MAX(B.w) AS m6, LAST(B.id) AS m7, LAST(C.v + 1) AS m8, AVG(C.v) AS m9, SUM(C.v * 2) AS m10, LAST(C.id) AS m11, SUM(D.v * 2) AS m12, COUNT(D.id) AS m13, FIRST(D.id,1) AS m14, LAST(D.id) AS m15, SUM(v) AS m16, kind AS m17, COUNT(*) AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A* B C{0,2} D{0,2}?) WITHIN INTERVAL '3' SECOND
  DEFINE A AS kind IN ('a','c') AND (MAX(A.w) < 3.5), C AS (C.v > AVG(B.v)), D AS kind IN ('b','a') OR (D.v = A.v)
) AS m;
