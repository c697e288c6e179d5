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
  ORDER BY price
  MEASURES A.prise AS p, X.price AS q
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO FIRST Y
  PATTERN (A B+) 
  DEFINE A AS prise > 1, B AS chanel
);
