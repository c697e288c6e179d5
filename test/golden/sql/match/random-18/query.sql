-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq
  MEASURES MIN(A.kind) AS m0, FIRST(A.id,1) AS m1, FIRST(A.id) AS m2, LAST(A.id) AS m3, FIRST(B.id) AS m4, B.kind AS m5, COUNT(B.id) AS m6, LAST(B.id) AS m7, COUNT(C.id) AS m8, LAST(C.id) AS m9, MAX(C.w) AS m10, LAST(C.id) AS m11, AVG(D.v) AS m12, LAST(D.id) AS m13, MAX(D.w) AS m14, LAST(D.id) AS m15, COUNT(*) AS m16, kind AS m17, LAST(id,1) AS m18, MATCH_ROWTIME() AS m19
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST D
  PATTERN (A B+? C*? D{2}) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('b') AND (MAX(A.w) < 3.5), C AS kind IN ('b','c') AND (C.v = B.v)
) AS m;
