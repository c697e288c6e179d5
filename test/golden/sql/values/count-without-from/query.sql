SELECT COUNT(*) AS n, SUM(2) AS s, MAX('x') AS m;
