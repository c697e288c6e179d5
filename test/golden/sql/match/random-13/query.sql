-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES A.kind AS m0, A.v + 1 AS m1, MAX(A.w) AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, LAST(B.id) AS m5, SUM(B.v * 2) AS m6, LAST(B.id) AS m7, FIRST(id) AS m8, SUM(v) AS m9, LAST(id) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A+? B?)
  DEFINE A AS (AVG(A.w) > 1.0), B AS kind IN ('a','b')
) AS m;
