-- The rest of a DECIMAL without a scale has the type of the divisor
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT d10 % i AS a, i % d10 AS b2, MOD(d10, CAST(3 AS TINYINT)) AS c FROM t;
