-- Texts to DECIMAL: leading zeros count as digits, rounding may add one, long texts go another way
CREATE TABLE t (s STRING) WITH ('connector'='filesystem','path'='input/t.jsonl','format'='json');
SELECT s, CAST(TRY_CAST(s AS DECIMAL(2,2)) AS STRING) AS d22, CAST(TRY_CAST(s AS DECIMAL(3,2)) AS STRING) AS d32, CAST(TRY_CAST(s AS DECIMAL(2,0)) AS STRING) AS d20, CAST(TRY_CAST(s AS DECIMAL(5,2)) AS STRING) AS d52, CAST(TRY_CAST(s AS DECIMAL(10,4)) AS STRING) AS da4, CAST(TRY_CAST(s AS DECIMAL(18,2)) AS STRING) AS di2, CAST(TRY_CAST(s AS DECIMAL(20,3)) AS STRING) AS dk3 FROM t;
