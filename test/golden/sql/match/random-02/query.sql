-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq DESC
  MEASURES A.kind AS m0, SUM(A.v * 2) AS m1, SUM(A.v) AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, FIRST(B.id) AS m5, SUM(B.v * 2) AS m6, LAST(B.id) AS m7, LAST(C.id) AS m8, AVG(C.v) AS m9, MAX(C.w) AS m10, LAST(C.id) AS m11, SUM(v) AS m12, kind AS m13, id AS m14, MATCH_ROWTIME() AS m15
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO FIRST C
  PATTERN (A* B{1,3} C+?)
  DEFINE A AS (COUNT(A.v) < 3), B AS (FIRST(B.v,1) IS NULL OR FIRST(B.v,1) < 2), C AS kind IN ('a','c') OR (v >= 1)
) AS m;
