-- w10. Many open partial matches in one key. Each one is ended by the row with its id.
-- inputs: open

CREATE TABLE events (
  k STRING, kind STRING, id BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '{{open}}', 'format' = 'json');

CREATE TABLE results (
  k STRING, id BIGINT, begun TIMESTAMP(3), ended TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = '{{out}}', 'format' = 'json');

INSERT INTO results
SELECT k, id, begun, ended
FROM events MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS id, A.ts AS begun, B.ts AS ended
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A X*? B) WITHIN INTERVAL '1' DAY
  DEFINE A AS A.kind = 'A', B AS B.kind = 'B' AND B.id = A.id
);
