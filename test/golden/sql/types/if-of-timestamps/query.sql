-- IF of two precisions takes the first, CASE the greater one
CREATE TABLE t (
  i INT, i_n INT NOT NULL, s STRING, s_n STRING NOT NULL, d10 DECIMAL(10,0), f FLOAT, d DOUBLE, b BOOLEAN, da DATE, da2 DATE, ts6 TIMESTAMP(6), ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
WITH ('connector'='filesystem','path'='input/m.jsonl','format'='json');
SELECT IF(i > 1, ts, ts6) AS a, IF(i > 1, CAST(ts AS TIMESTAMP(0)), ts6) AS b2, CASE WHEN i > 1 THEN ts ELSE CAST(ts6 AS TIMESTAMP_LTZ(3)) END AS c FROM t;
