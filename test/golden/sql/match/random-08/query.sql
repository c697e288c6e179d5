-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  
  ORDER BY ts, kind, seq DESC
  MEASURES AVG(A.v) AS m0, MIN(A.kind) AS m1, FIRST(A.id,1) AS m2, LAST(A.id) AS m3, MAX(B.w) AS m4, COUNT(B.id) AS m5, FIRST(B.id,1) AS m6, LAST(B.id) AS m7, SUM(C.v * 2) AS m8, C.kind AS m9, MIN(C.kind) AS m10, LAST(C.id) AS m11, SUM(D.v) AS m12, FIRST(D.id,1) AS m13, D.kind AS m14, LAST(D.id) AS m15, id AS m16, LAST(id,1) AS m17, COUNT(v) AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A*? B{0,2}? C+ D{2,}?) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('b') OR (SUM(A.v) < 5), B AS (v >= 1), C AS (C.w * 2 > SUM(C.v)), D AS kind IN ('b') OR (LAST(A.v,1) IS NULL OR v > LAST(A.v,1))
) AS m;
