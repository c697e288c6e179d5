-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES AVG(A.v) AS m0, LAST(A.id,1) AS m1, SUM(A.v) AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, B.kind AS m5, SUM(B.v * 2) AS m6, LAST(B.id) AS m7, LAST(id) AS m8, COUNT(*) AS m9, LAST(id,1) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO FIRST B
  PATTERN (A{2,}? B{1,3}?)
  DEFINE A AS kind IN ('a','b') AND (COUNT(*) < 5), B AS (B.v > AVG(A.v))
) AS m;
