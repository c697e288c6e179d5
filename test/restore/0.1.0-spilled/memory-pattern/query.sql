CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
CREATE TABLE results (k STRING, a INT, n BIGINT, z INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES FIRST(A.id) AS a, COUNT(B.id) AS n, LAST(C.id) AS z
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B* C) WITHIN INTERVAL '30' SECOND
  DEFINE A AS kind = 'a', B AS kind = 'b', C AS kind = 'c');
