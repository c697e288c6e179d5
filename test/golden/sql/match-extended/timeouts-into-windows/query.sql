-- time-out rows have a time attribute: counted by windows
CREATE TABLE steps (
  id INT,
  k STRING,
  kind STRING,
  val INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT st, COUNT(*) AS n, TUMBLE_START(at, INTERVAL '10' SECOND) AS w FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES S.id AS s, MATCH_STATUS() AS st, MATCH_ROWTIME() AS at
  ONE ROW PER MATCH SHOW TIMEOUT MATCHES
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (S FOLLOWED BY M FOLLOWED BY E) WITHIN INTERVAL '10' SECOND
  DEFINE S AS kind = 's', M AS kind = 'm', E AS kind = 'e'
) AS m
GROUP BY st, TUMBLE(at, INTERVAL '10' SECOND);
