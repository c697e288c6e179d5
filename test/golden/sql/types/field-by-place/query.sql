-- The field of a ROW by its place, and FLOOR of a DATE to hours
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT FLOOR(da TO HOUR) AS a, ROW(1, s)[2] AS b2, ROW(1,'a')[1] AS c FROM t;
