-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, seq DESC
  MEASURES SUM(A.v) AS m0, FIRST(A.id,1) AS m1, COUNT(A.id) AS m2, LAST(A.id) AS m3, MAX(B.w) AS m4, SUM(B.v * 2) AS m5, SUM(B.v) AS m6, LAST(B.id) AS m7, FIRST(id) AS m8, LAST(id,1) AS m9, LAST(id) AS m10, MATCH_ROWTIME() AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{0,2} B) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('c'), B AS kind IN ('b','c') OR (B.v = A.v)
) AS m;
