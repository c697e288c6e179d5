-- w11. A, as many B as the parameter says with others between, then C; only counted.
-- inputs: loops

CREATE TABLE events (
  k STRING, kind STRING, id BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '{{loops}}', 'format' = 'json');

CREATE TABLE results (
  k STRING, begun TIMESTAMP(3), n BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{{out}}', 'format' = 'json');

INSERT INTO results
SELECT k, begun, n
FROM events MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.ts AS begun, COUNT(B.id) AS n
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A FOLLOWED BY B+ RELAXED FOLLOWED BY C) WITHIN INTERVAL '1' HOUR
  DEFINE A AS A.kind = 'A', B AS B.kind = 'B', C AS C.kind = 'C'
);
