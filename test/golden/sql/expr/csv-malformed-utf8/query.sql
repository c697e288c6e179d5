-- Flink's csv format fails the job for most of these bytes
CREATE TABLE t (
  id INT,
  s STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = 'input/t.csv', 'format' = 'csv');

SELECT s, CHAR_LENGTH(s) AS n, COUNT(*) AS c, MIN(id) AS first_id
FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '20' SECOND))
GROUP BY s, window_start, window_end;
