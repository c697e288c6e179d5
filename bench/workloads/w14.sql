-- w14. Two views of one table, UNION ALL, tumbling window, 10 s, on top. Each view has the rows of
-- w13's, so the window gets twice as many.
-- inputs: bids

CREATE TABLE bids (
  auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, url STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = '{{bids}}', 'format' = 'json');

CREATE TABLE results (
  auction BIGINT, window_start TIMESTAMP(3), window_end TIMESTAMP(3), cnt BIGINT, total BIGINT
) WITH ('connector' = 'filesystem', 'path' = '{{out}}', 'format' = 'json');

CREATE VIEW sold AS SELECT auction, price AS amount, ts FROM bids WHERE price > 1000;
CREATE VIEW bought AS SELECT bidder, price * 2 AS amount, ts FROM bids WHERE price > 1000;
CREATE VIEW seen AS SELECT * FROM sold UNION ALL SELECT * FROM bought;

INSERT INTO results
SELECT auction, window_start, window_end, COUNT(*), SUM(amount)
FROM TABLE(TUMBLE(TABLE seen, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY auction, window_start, window_end;
