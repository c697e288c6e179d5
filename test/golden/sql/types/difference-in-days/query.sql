-- A difference of two dates in days
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT CAST((da - da2) DAY AS STRING) AS a FROM t;
