-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  
  ORDER BY ts, seq
  MEASURES MIN(A.kind) AS m0, SUM(A.v) AS m1, MAX(A.w) AS m2, LAST(A.id) AS m3, B.v + 1 AS m4, AVG(B.v) AS m5, LAST(B.id) AS m6, LAST(B.id) AS m7, C.kind AS m8, AVG(C.v) AS m9, C.v + 1 AS m10, LAST(C.id) AS m11, FIRST(D.id,1) AS m12, AVG(D.v) AS m13, D.kind AS m14, LAST(D.id) AS m15, COUNT(*) AS m16, SUM(v) AS m17, LAST(id,1) AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{2,}? B*? C? D) WITHIN INTERVAL '3' SECOND
  DEFINE B AS kind IN ('b','a') AND (COUNT(B.v) < 3), C AS kind IN ('b','c'), D AS (D.v <> FIRST(B.v))
) AS m;
