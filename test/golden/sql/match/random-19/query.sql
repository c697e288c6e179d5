-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES A.v + 1 AS m0, A.kind AS m1, MAX(A.w) AS m2, LAST(A.id) AS m3, LAST(B.v + 1) AS m4, FIRST(B.id) AS m5, B.kind AS m6, LAST(B.id) AS m7, LAST(id,1) AS m8, kind AS m9, COUNT(*) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{1,3}? B{0,2}?) WITHIN INTERVAL '3' SECOND
  DEFINE A AS kind IN ('a') AND (A.v IS NULL OR A.v < 2), B AS kind IN ('c','b') OR (LAST(A.v,1) IS NULL OR v > LAST(A.v,1))
) AS m;
