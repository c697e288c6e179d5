CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

CREATE TABLE s (
  a BIGINT,
  b AS a * 2
) WITH ('connector' = 'blackhole');
INSERT INTO s (a, b) SELECT price, price FROM bids;
