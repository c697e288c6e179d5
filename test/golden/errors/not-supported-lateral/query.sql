CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT * FROM bids, LATERAL TABLE(split(channel)) AS s;
SELECT * FROM bids CROSS JOIN UNNEST(ARRAY[1, 2]) AS u (n);
SELECT * FROM bids FOR SYSTEM_TIME AS OF ts AS b;
