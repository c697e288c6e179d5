CREATE TABLE t (id INT, s STRING, f STRING METADATA FROM 'file.name' VIRTUAL, size INT METADATA FROM 'file.size' VIRTUAL)
WITH ('connector' = 'filesystem', 'path' = 'input/t', 'source.path.regex-pattern' = '.*/[ab]\.jsonl', 'format' = 'json');
SELECT f, s, id, size FROM t;
