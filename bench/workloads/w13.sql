-- w13. One view of one table, tumbling window, 10 s: what w14 is compared with.
-- inputs: bids

CREATE TABLE bids (
  auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '{{bids}}', 'format' = 'json');

CREATE TABLE results (
  auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), cnt BIGINT, total BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{{out}}', 'format' = 'json');

CREATE VIEW seen AS SELECT auction, price AS amount, ts FROM bids WHERE price > 1000;

INSERT INTO results
SELECT auction, window_start, window_end, COUNT(*), SUM(amount)
FROM TABLE(TUMBLE(TABLE seen, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY auction, window_start, window_end;
