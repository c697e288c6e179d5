CREATE TABLE t (id INT) WITH ('connector' = 'filesystem', 'pth' = 'x', 'format' = 'json');
