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
  MEASURES CLASSIFIER(Z) AS m1, CLASSIFIER(A, B) AS m2, FINAL CLASSIFIER() AS m3, MATCH_NUMBER(A) AS m4, RUNNING MATCH_NUMBER() AS m5, CLASSIFIER(A.price) AS m6
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  DEFINE A AS price > 10
);
