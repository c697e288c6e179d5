CREATE TABLE t (
  id INT,
  tstamp TIMESTAMP_LTZ(3) METADATA FROM 'timestmp' VIRTUAL
) WITH ('connector' = 'kafka');
CREATE TABLE u (
  topic STRING METADATA
) WITH ('connector' = 'blackhole');
