CREATE TABLE t (id INT, `day` INT) PARTITIONED BY (`day`) WITH ('connector' = 'filesystem', 'path' = 'input/t', 'format' = 'json');
SELECT `day`, COUNT(*) AS n FROM t GROUP BY `day`;
