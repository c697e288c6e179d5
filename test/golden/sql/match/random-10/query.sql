-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, kind, seq DESC
  MEASURES LAST(A.v + 1) AS m0, LAST(A.id,1) AS m1, LAST(A.id) AS m2, LAST(A.id) AS m3, SUM(B.v * 2) AS m4, FIRST(B.id,1) AS m5, COUNT(B.id) AS m6, LAST(B.id) AS m7, MIN(C.kind) AS m8, COUNT(C.id) AS m9, FIRST(C.id,1) AS m10, LAST(C.id) AS m11, LAST(id) AS m12, SUM(v) AS m13, COUNT(v) AS m14, MATCH_ROWTIME() AS m15
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A*? B{0,2} C{2}) WITHIN INTERVAL '8' SECOND
  DEFINE B AS kind IN ('c') AND (A.v IS NULL OR v >= A.v), C AS kind IN ('b')
) AS m;
