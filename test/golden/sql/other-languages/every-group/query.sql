CREATE TABLE logins (
  ts TIMESTAMP(3), id INT, user_id STRING, outcome STRING,
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/logins.jsonl', 'format' = 'json');

SELECT user_id, failure, success
FROM logins MATCH_RECOGNIZE (
  PARTITION BY user_id
  ORDER BY ts
  MEASURES F.id AS failure, S.id AS success
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (F FOLLOWED BY S) WITHIN INTERVAL '10' MINUTE
  DEFINE F AS F.outcome = 'failure', S AS S.outcome = 'success'
) AS m;
