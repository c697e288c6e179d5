SELECT k, SUM(v) AS s, COUNT(*) AS n FROM (VALUES ('a', 1), ('b', 2), ('a', 3)) AS t(k, v) GROUP BY k;
