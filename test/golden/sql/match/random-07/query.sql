-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES SUM(A.v * 2) AS m0, A.kind AS m1, LAST(A.id) AS m2, LAST(A.id) AS m3, COUNT(B.id) AS m4, FIRST(B.id) AS m5, LAST(B.id,1) AS m6, LAST(B.id) AS m7, id AS m8, kind AS m9, FIRST(id) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{1,3} B)
  DEFINE A AS kind IN ('b') AND (FIRST(A.v) = A.v), B AS kind IN ('a') AND (B.v >= LAST(A.v))
) AS m;
