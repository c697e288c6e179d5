CREATE TABLE t (id INT) WITH ('connector' = 'blackhole', 'connector' = 'kafka');
