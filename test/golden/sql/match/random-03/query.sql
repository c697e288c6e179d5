-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES MAX(A.w) AS m0, MIN(A.kind) AS m1, SUM(A.v) AS m2, LAST(A.id) AS m3, FIRST(B.id) AS m4, COUNT(B.id) AS m5, LAST(B.id,1) AS m6, LAST(B.id) AS m7, MIN(C.kind) AS m8, SUM(C.v * 2) AS m9, FIRST(C.id) AS m10, LAST(C.id) AS m11, LAST(D.v + 1) AS m12, MAX(D.w) AS m13, MIN(D.kind) AS m14, LAST(D.id) AS m15, LAST(id) AS m16, id AS m17, kind AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A* B{0,2}? C? D) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('c') AND (LAST(v,1) IS NULL OR LAST(v,1) <= v), B AS kind IN ('c') AND (LAST(v,1) IS NULL OR LAST(v,1) <= v), C AS kind IN ('c','a') AND (SUM(C.v) < 5), D AS kind IN ('a') OR (D.w * 2 > SUM(D.v))
) AS m;
