CREATE TABLE bids (
  auction BIGINT
  price BIGINT
) WITH ('connector' = 'blackhole');
SELECT auction, price FROM bids;
