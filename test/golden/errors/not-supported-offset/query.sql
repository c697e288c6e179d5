CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT bidder FROM bids OFFSET 3 ROWS;
SELECT bidder FROM bids LIMIT ALL OFFSET 3;
SELECT bidder FROM bids FETCH FIRST ROW ONLY;
SELECT bidder FROM bids LIMIT 10000000000000000000;
