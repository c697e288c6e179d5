CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

CREATE TABLE b2 (x INT) WITH ('connector' = 'blackhole') LIKE bids;
CREATE TABLE b3 WITH ('connector' = 'blackhole') AS SELECT * FROM bids;
CREATE TABLE b4 (x INT) DISTRIBUTED BY (x) WITH ('connector' = 'blackhole');
