-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq DESC
  MEASURES FIRST(A.id) AS m0, LAST(A.v + 1) AS m1, A.kind AS m2, LAST(A.id) AS m3, MIN(B.kind) AS m4, AVG(B.v) AS m5, FIRST(B.id) AS m6, LAST(B.id) AS m7, FIRST(id) AS m8, COUNT(*) AS m9, LAST(id) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{1,3}? B{2})
  DEFINE B AS (FIRST(B.v) = B.v)
) AS m;
