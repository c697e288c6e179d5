-- level: portable
CREATE TABLE t (id INT, ts TIMESTAMP(3), p ROW<ch STRING, amt INT>, WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');

SELECT * FROM TABLE(SESSION(TABLE t PARTITION BY id, p, DESCRIPTOR(ts), INTERVAL '1' MINUTE));
