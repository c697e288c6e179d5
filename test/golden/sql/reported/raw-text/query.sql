CREATE TABLE t (line STRING, f STRING METADATA FROM 'file.name') WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'raw');
SELECT line, f, CHAR_LENGTH(line) AS n FROM t;
