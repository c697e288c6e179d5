-- FLOAT and DOUBLE: the first operand gives the type
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT f * d AS a, d * f AS b2, f + d AS c, CASE WHEN i > 1 THEN f ELSE d END AS e, ARRAY[f, d] AS g FROM t;
