-- level: portable
CREATE TABLE t (id INT, ts TIMESTAMP(3), p ROW<ch STRING, amt INT>, WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');

CREATE TABLE x (a REAL) WITH ('connector' = 'blackhole');
SELECT NULL AS a, CAST(id AS INT NOT NULL) AS b, ARRAY[] AS c FROM t;
