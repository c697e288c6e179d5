-- A hash is a CHAR, and BYTES have one too
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT CAST(SHA1(s_n) AS CHAR(50)) AS a, MD5(CAST('ab' AS BYTES)) AS b2, TO_BASE64(CAST(s AS BYTES)) AS c FROM t;
