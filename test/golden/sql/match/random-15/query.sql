-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq DESC
  MEASURES A.kind AS m0, FIRST(A.id,1) AS m1, LAST(A.id) AS m2, LAST(A.id) AS m3, LAST(B.id) AS m4, MIN(B.kind) AS m5, FIRST(B.id) AS m6, LAST(B.id) AS m7, MIN(C.kind) AS m8, AVG(C.v) AS m9, LAST(C.id) AS m10, LAST(C.id) AS m11, COUNT(*) AS m12, COUNT(v) AS m13, LAST(id) AS m14, MATCH_ROWTIME() AS m15
  ONE ROW PER MATCH
  
  PATTERN (A{2} B*? C{0,2}?) WITHIN INTERVAL '8' SECOND
  DEFINE A AS kind IN ('b','a'), B AS kind IN ('a') AND (LAST(A.v,1) IS NULL OR v > LAST(A.v,1)), C AS kind IN ('b','a')
) AS m;
