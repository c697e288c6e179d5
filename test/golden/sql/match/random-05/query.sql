-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  
  ORDER BY ts, seq DESC
  MEASURES AVG(A.v) AS m0, LAST(A.id) AS m1, A.v + 1 AS m2, LAST(A.id) AS m3, LAST(B.id) AS m4, SUM(B.v * 2) AS m5, LAST(B.v + 1) AS m6, LAST(B.id) AS m7, FIRST(C.id,1) AS m8, SUM(C.v) AS m9, C.v + 1 AS m10, LAST(C.id) AS m11, kind AS m12, FIRST(id) AS m13, LAST(id,1) AS m14, MATCH_ROWTIME() AS m15
  ONE ROW PER MATCH
  
  PATTERN (A B{1,3} C{2}) WITHIN INTERVAL '8' SECOND
  DEFINE B AS (CASE WHEN B.v > 1 THEN kind = 'a' ELSE kind <> 'x' END), C AS (LAST(A.v,1) IS NULL OR v > LAST(A.v,1))
) AS m;
