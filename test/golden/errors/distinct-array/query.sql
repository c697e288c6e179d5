CREATE TABLE t (a ARRAY<INT>) WITH ('connector' = 'filesystem', 'path' = 'a', 'format' = 'json');
CREATE VIEW v AS SELECT COUNT(DISTINCT a) AS n FROM t;
