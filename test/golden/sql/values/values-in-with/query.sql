WITH v(x, y) AS (VALUES (1, 2), (3, 4)) SELECT x + y AS z FROM v UNION ALL SELECT x * y FROM v;
