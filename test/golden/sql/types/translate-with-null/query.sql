-- TRANSLATE with a NULL in the second or third place
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT TRANSLATE(s_n, s, 'y') AS a, TRANSLATE('abc', 'b', s) AS b2, TRANSLATE(s, 'a', 'b') AS c FROM t;
