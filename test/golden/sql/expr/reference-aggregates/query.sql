SELECT
  COUNT(DISTINCT name) AS c0,
  SUM(n) AS c1,
  AVG(n) AS c2,
  MIN(n) AS c3,
  MAX(name) AS c4,
  FIRST_VALUE(name) AS c5,
  LAST_VALUE(n) AS c6,
  LISTAGG(name, '-') AS c7,
  ARRAY_AGG(n) AS c8,
  COLLECT(name) AS c9,
  VAR_POP(CAST(n AS DOUBLE)) AS c10,
  VAR_SAMP(CAST(n AS DOUBLE)) AS c11,
  STDDEV_POP(CAST(n AS DOUBLE)) AS c12,
  STDDEV_SAMP(CAST(n AS DOUBLE)) AS c13
FROM (VALUES ('a', 3), ('b', 5), ('a', 4), ('c', CAST(NULL AS INT))) AS sales (name, n);
