-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES LAST(A.v + 1) AS m0, FIRST(A.id) AS m1, A.kind AS m2, LAST(A.id) AS m3, B.v + 1 AS m4, B.kind AS m5, LAST(B.id) AS m6, LAST(B.id) AS m7, SUM(C.v) AS m8, LAST(C.id,1) AS m9, AVG(C.v) AS m10, LAST(C.id) AS m11, FIRST(D.id,1) AS m12, AVG(D.v) AS m13, FIRST(D.id) AS m14, LAST(D.id) AS m15, COUNT(*) AS m16, LAST(id,1) AS m17, FIRST(id) AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  
  PATTERN (A*? B*? C D+?) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('b') AND (A.v IS NULL OR A.v < 2), B AS kind IN ('a','b') AND (SUM(v) < 6), C AS kind IN ('c'), D AS kind IN ('c','b')
) AS m;
