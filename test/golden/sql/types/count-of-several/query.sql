-- COUNT of several values of which one may be NULL
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT COUNT(i, i_n) AS a, COUNT(i_n, s_n) AS c, COUNT(DISTINCT i_n) AS e FROM t;
