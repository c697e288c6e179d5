-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2.000' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq DESC
  MEASURES MIN(A.kind) AS m0, A.kind AS m1, MAX(A.w) AS m2, LAST(A.id) AS m3, SUM(B.v) AS m4, B.kind AS m5, B.v + 1 AS m6, LAST(B.id) AS m7, LAST(id,1) AS m8, FIRST(id) AS m9, COUNT(v) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST B
  PATTERN (A+? B) WITHIN INTERVAL '8' SECOND
  DEFINE A AS kind IN ('c','b') AND (MIN(A.v) >= 0), B AS kind IN ('b','c') OR (SUM(A.v) + B.v < 6)
) AS m;
