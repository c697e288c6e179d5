SET 'sequitur.sql.level' = 'portable';
CREATE TABLE orders (
  ts TIMESTAMP(3), id INT, state STRING,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'orders', 'format' = 'json', 'source.monitor-interval' = '1 s',
  'sequitur.idle-advance' = '1 min');

SELECT * FROM orders;
