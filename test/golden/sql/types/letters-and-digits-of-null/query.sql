-- IS_ALPHA, IS_DIGIT and IS_DECIMAL of NULL and of numbers
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT IS_ALPHA(s) AS a, IS_DIGIT(s) AS b2, IS_DECIMAL(s) AS c, IS_ALPHA(i) AS d1, IS_DIGIT(i) AS e, IS_DECIMAL(i) AS f1 FROM t;
