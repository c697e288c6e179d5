-- Three or more failed logins of a user, then a successful one, within ten minutes.
-- Somebody may have guessed the password.
CREATE TABLE logins (
  ts TIMESTAMP(3),
  user_id STRING,
  ip STRING,
  outcome STRING,
  WATERMARK FOR ts AS ts - INTERVAL '15' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/logins.jsonl', 'format' = 'json');

CREATE TABLE suspicious_logins (
  user_id STRING,
  first_failure TIMESTAMP(3),
  success TIMESTAMP(3),
  failures BIGINT,
  ip STRING
) WITH ('connector' = 'filesystem', 'path' = 'output', 'format' = 'json');

INSERT INTO suspicious_logins
SELECT user_id, first_failure, success, failures, ip
FROM logins MATCH_RECOGNIZE (
  PARTITION BY user_id
  ORDER BY ts
  MEASURES
    FIRST(FAILED.ts) AS first_failure,
    SUCCEEDED.ts AS success,
    COUNT(FAILED.ts) AS failures,
    SUCCEEDED.ip AS ip
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (FAILED{3,} SUCCEEDED) WITHIN INTERVAL '10' MINUTE
  DEFINE
    FAILED AS FAILED.outcome = 'failure',
    SUCCEEDED AS SUCCEEDED.outcome = 'success'
) AS found;
