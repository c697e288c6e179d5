CREATE TABLE big (v INT) WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'raw');
SELECT v FROM big;
