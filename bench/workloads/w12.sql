-- w12. Keys that begin a partial match and never come back.
-- inputs: oneshot

CREATE TABLE events (
  k STRING, kind STRING, id BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '{{oneshot}}', 'format' = 'json');

CREATE TABLE results (
  k STRING, begun TIMESTAMP(3), ended TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '{{out}}', 'format' = 'json');

INSERT INTO results
SELECT k, begun, ended
FROM events MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.ts AS begun, B.ts AS ended
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A X*? B) WITHIN INTERVAL '1' MINUTE
  DEFINE A AS A.kind = 'A', B AS B.kind = 'B'
);
