-- An idle table does not hold up one whose time goes on.
CREATE TABLE orders (
  ts TIMESTAMP(3), id INT, state STRING,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'orders', 'format' = 'json', 'source.monitor-interval' = '1 s',
  'scan.watermark.idle-timeout' = '1 min');
CREATE TABLE returns (
  ts TIMESTAMP(3), id INT, state STRING,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'returns', 'format' = 'json', 'source.monitor-interval' = '1 s',
  'sequitur.idle-advance' = '1 min');
CREATE TABLE others (
  ts TIMESTAMP(3), id INT, state STRING,
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'others', 'format' = 'json', 'source.monitor-interval' = '1 s');

CREATE VIEW both_tables AS SELECT * FROM orders UNION ALL SELECT * FROM returns;
CREATE VIEW all_tables AS SELECT * FROM both_tables UNION ALL SELECT * FROM others;

SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE both_tables, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;

SELECT window_start, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE all_tables, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
GROUP BY window_start, window_end;
