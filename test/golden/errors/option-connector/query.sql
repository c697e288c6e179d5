CREATE TABLE t (id INT) WITH ('connector' = 'filesytem');
CREATE TABLE u (id INT);
CREATE TABLE v (id INT) WITH ('format' = 'json');
