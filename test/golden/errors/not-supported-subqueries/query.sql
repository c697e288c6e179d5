CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT price FROM bids WHERE bidder IN (SELECT bidder FROM bids) AND EXISTS (SELECT 1 FROM bids) AND price > (SELECT MAX(price) FROM bids);
