SELECT
  1 = 1.0 AS c0,
  'a' <> 'b' AS c1,
  DATE '2026-03-01' < '2026-03-02' AS c2,
  2 <= 2 AS c3,
  'b' > 'a' AS c4,
  1 >= CAST(NULL AS INT) AS c5,
  5 BETWEEN 1 AND 5 AS c6,
  'b' IN ('a', 'b') AS c7,
  CAST(NULL AS INT) IS NULL AS c8,
  '' IS NOT NULL AS c9,
  1 IS DISTINCT FROM CAST(NULL AS INT) AS c10,
  1 IS NOT DISTINCT FROM 2 AS c11;
