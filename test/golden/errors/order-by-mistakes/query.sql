CREATE TABLE bids (
  price BIGINT, bidder STRING, tags MAP<STRING, INT>
) WITH ('connector' = 'filesystem', 'path' = 'bids', 'format' = 'json');
SELECT price FROM bids ORDER BY 2;
SELECT price FROM bids ORDER BY prise;
SELECT DISTINCT bidder FROM bids ORDER BY price;
SELECT bidder, COUNT(*) AS n FROM bids GROUP BY bidder ORDER BY price;
SELECT tags, COUNT(*) AS n FROM bids GROUP BY tags ORDER BY n;
