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

INSERT INTO totals (total) SELECT price FROM bids;
