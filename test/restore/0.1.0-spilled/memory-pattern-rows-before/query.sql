CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
CREATE TABLE results (k STRING, a INT, z INT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, B.id AS z
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  DEFINE A AS kind = 'b', B AS PREV(kind, 1) = 'b' AND PREV(kind, 2) = 'a');
