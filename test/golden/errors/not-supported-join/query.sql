CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

CREATE TABLE totals (
  bidder BIGINT NOT NULL,
  total BIGINT
) WITH ('connector' = 'filesystem', 'path' = 'totals', 'format' = 'json');

SELECT b.price, t.total FROM bids b JOIN totals t ON b.bidder = t.bidder;
SELECT b.price FROM bids b, totals t;
SELECT b.price FROM bids b LEFT OUTER JOIN totals t ON TRUE;
