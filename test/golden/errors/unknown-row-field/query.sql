CREATE TABLE t (
  r ROW<name STRING, age INT>
) WITH ('connector' = 'kafka');
SELECT r.nam, t.r.age FROM t;
