CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT auctoin, prise * 2, UPPER(chanel), nothing
FROM bids
WHERE biddr = 1 AND unknown_thing > 2
GROUP BY auctoin;
