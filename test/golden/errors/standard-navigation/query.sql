SET 'sequitur.match.semantics' = 'standard';
CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price BIGINT,
  channel STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'bids.jsonl', 'format' = 'json');

SELECT *
FROM bids MATCH_RECOGNIZE (
  PARTITION BY bidder
  ORDER BY ts
  MEASURES PREV(PREV(price)) AS m1, LAST(PREV(price)) AS m2, PREV(SUM(price)) AS m3, SUM(PREV(price)) AS m4, PREV(1) AS m5, PREV(price, -1) AS m6,
    NEXT(price, price) AS m7, FINAL PREV(price) AS m8, RUNNING NEXT(price) AS m9, PREV(A.price + B.price) AS m10, LAST(A.price + U.price) AS m11
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  SUBSET U = (A, B)
  DEFINE A AS FINAL LAST(price) > 10
);
