-- a complete match waits for an earlier start, and is skipped by its match
CREATE TABLE steps (id INT, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

CREATE VIEW pairs AS SELECT * FROM steps MATCH_RECOGNIZE (
  ORDER BY ts
  MEASURES S.id AS s, E.id AS e
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S FOLLOWED BY E)
  DEFINE S AS S.kind = 's', E AS E.kind = 'e' AND E.v = S.v
);

EXPLAIN MATCH pairs;
