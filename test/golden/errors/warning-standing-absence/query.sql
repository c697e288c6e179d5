CREATE TABLE orders (
  ts TIMESTAMP(3), id INT, state STRING,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'orders', 'format' = 'json', 'source.monitor-interval' = '1 s');

SELECT *
FROM orders MATCH_RECOGNIZE (
  PARTITION BY id ORDER BY ts
  MEASURES ORDERED.ts AS at
  PATTERN (ORDERED NOT FOLLOWED BY SHIPPED) WITHIN INTERVAL '2' DAY
  DEFINE ORDERED AS state = 'ordered', SHIPPED AS state = 'shipped'
);
