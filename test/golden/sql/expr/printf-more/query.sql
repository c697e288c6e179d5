CREATE TABLE t (i INT, n INT, l BIGINT, d DOUBLE, f FLOAT, s STRING, b BOOLEAN, m DECIMAL(10,2), dt DATE, ts TIMESTAMP(3), u STRING, t TIME, ti TINYINT, neg DOUBLE, z DOUBLE, big DOUBLE, tiny DOUBLE) WITH ('connector'='filesystem','path'='input/t.jsonl','format'='json');
SELECT
  PRINTF('%s %s', s, i) AS a, PRINTF('%2$s %1$s', s, i) AS b, PRINTF('x') AS c, PRINTF(u, i) AS d,
  PRINTF('%s %s', 1.50, DATE '2026-01-01') AS h, PRINTF('%s', 1.5e0) AS k, PRINTF('%d', CAST(3 AS SMALLINT)) AS m1,
  PRINTF('%s', TO_TIMESTAMP_LTZ(0, 3)) AS o, PRINTF('%s', INTERVAL '1' DAY) AS p, PRINTF('%s', NULL) AS r,
  PRINTF('%x %o', CAST(-1 AS SMALLINT), CAST(-1 AS TINYINT)) AS v1, PRINTF('%x', CAST(-1 AS BIGINT)) AS v2,
  PRINTF('%s', TIMESTAMP '2026-01-02 03:04:00') AS w1, PRINTF('%s', TIMESTAMP '2026-01-02 03:04:00.12') AS w2,
  PRINTF('%s', CAST('2026-01-02 03:04:05.1234567' AS TIMESTAMP(9))) AS w3, PRINTF('%s', TIMESTAMP '2026-01-02 03:04:05') AS w4,
  PRINTF('%.1f %.0f %.2f', 0.05e0, 0.5e0, 0.005e0) AS x1, PRINTF('%.0f %.0f', 9.5e0, 0.4e0) AS x2,
  PRINTF('%.3f', 99.9996e0) AS x3, PRINTF('%e', 9.9999999e0) AS x4, PRINTF('%.3g|%.3g|%.3g', 999.6e0, 0.0001e0, 0.00001e0) AS x5,
  PRINTF('%g|%g', 123456.7e0, 1234567.8e0) AS x6, PRINTF('%.1f', -0.04e0) AS x7, PRINTF('%,.2f', 1234567.891e0) AS x8,
  PRINTF('%f', CAST(0.1 AS FLOAT)) AS x9, PRINTF('%s', CAST(0.1 AS FLOAT)) AS x10, PRINTF('%.12f', CAST(0.1 AS FLOAT)) AS x11,
  PRINTF('%a|%a', 1e0, 0.1e0) AS y1, PRINTF('%c%c', 97, 128512) AS y2, PRINTF('%5c|%-5c|', 97, 98) AS y3,
  PRINTF('%,d %,d', 999, 1000) AS y4, PRINTF('%1$s %1$s %s', s, i) AS y5, PRINTF('%s %<s %s', s, i) AS y6,
  PRINTF('%0$s', s) AS y7, PRINTF('%s') AS y8, PRINTF('%s', s, i, d) AS y9, PRINTF('%10.3e|', 12345.678e0) AS y10,
  PRINTF('%.20e', 1e0) AS y11, PRINTF('%h %h', TRUE, CAST(12345678901 AS BIGINT)) AS y12
FROM t;
