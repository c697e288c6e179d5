CREATE TABLE bids (
  price BIGINT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids', 'format' = 'json', 'source.monitor-interval' = '1 s');
SELECT price FROM bids ORDER BY price DESC LIMIT 10;
SELECT price FROM bids ORDER BY ts;
