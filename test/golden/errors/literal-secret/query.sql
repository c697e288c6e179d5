CREATE TABLE t (id INT) WITH ('connector' = 'kafka', 'topic' = 'a', 'properties.password' = 'hunter2');
