-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES LAST(A.id,1) AS m0, A.kind AS m1, A.v + 1 AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, B.v + 1 AS m5, MAX(B.w) AS m6, LAST(B.id) AS m7, SUM(v) AS m8, COUNT(v) AS m9, LAST(id) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{0,2}? B)
  DEFINE A AS kind IN ('c','a'), B AS kind IN ('c','a') AND (AVG(B.v) <= 1)
) AS m;
