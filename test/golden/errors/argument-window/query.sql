CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT * FROM TUMBLE(TABLE bids, DESCRIPTOR(ts));
SELECT * FROM TUMBLE(DATA => TABLE bids, TIMECOL => DESCRIPTOR(ts), SISE => INTERVAL '1' MINUTE);
SELECT * FROM TUMBLE(bids, ts, INTERVAL '1' MINUTE);
