-- level: portable
CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT *
FROM bids MATCH_RECOGNIZE (
  PARTITION BY bidder
  ORDER BY ts
  MEASURES A.price AS p
  ONE ROW PER MATCH SHOW TIMEOUT MATCHES
  AFTER MATCH NO SKIP
  PATTERN (A NEXT B FOLLOWED BY ANY C NOT NEXT D E (F G)?) WITHIN INTERVAL '1' HOUR PER STEP
  DEFINE A AS price > 10
);
