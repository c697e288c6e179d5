CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
CREATE TABLE results (k STRING, a INT, at TIMESTAMP(3)) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO results SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, A.ts AS at
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A NOT FOLLOWED BY C) WITHIN INTERVAL '4' SECOND
  DEFINE A AS kind = 'a', C AS kind = 'b');
