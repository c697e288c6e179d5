-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  
  ORDER BY ts
  MEASURES SUM(A.v * 2) AS m0, FIRST(A.id,1) AS m1, A.kind AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, B.v + 1 AS m5, SUM(B.v * 2) AS m6, LAST(B.id) AS m7, LAST(id,1) AS m8, FIRST(id) AS m9, kind AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{0,2}? B{2,}?)
  DEFINE A AS kind IN ('c','b') AND (MAX(A.w) < 3.5), B AS (LAST(v,1) IS NULL OR LAST(v,1) <= v)
) AS m;
