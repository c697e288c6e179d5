-- A pattern and rows made at random; the answer was recorded from Flink 2.3
CREATE TABLE steps (
  id INT, k STRING, kind STRING, v BIGINT, w DOUBLE, seq INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts, kind, seq DESC
  MEASURES FIRST(A.id) AS m0, MIN(A.kind) AS m1, MAX(A.w) AS m2, LAST(A.id) AS m3, MAX(B.w) AS m4, MIN(B.kind) AS m5, FIRST(B.id,1) AS m6, LAST(B.id) AS m7, COUNT(C.id) AS m8, MIN(C.kind) AS m9, FIRST(C.id,1) AS m10, LAST(C.id) AS m11, LAST(id) AS m12, kind AS m13, id AS m14, MATCH_ROWTIME() AS m15
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A{0,2}? B{1,3} C{0,2}?) WITHIN INTERVAL '5' SECOND
  DEFINE A AS kind IN ('c','a') AND (CASE WHEN A.v > 1 THEN kind = 'a' ELSE kind <> 'x' END), B AS (LAST(v,1) IS NULL OR LAST(v,1) <= v), C AS (C.v IS NULL OR C.v < 2)
) AS m;
