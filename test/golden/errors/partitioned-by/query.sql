CREATE TABLE a (x INT, y AS x + 1) PARTITIONED BY (z) WITH ('connector' = 'filesystem');
CREATE TABLE b (x INT, y AS x + 1) PARTITIONED BY (y) WITH ('connector' = 'filesystem');
CREATE TABLE c (x INT, y INT) PARTITIONED BY (y, y) WITH ('connector' = 'filesystem');
