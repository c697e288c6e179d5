SELECT a[1] AS x, m['k'] AS y FROM (VALUES (ARRAY[1, 2], MAP['k', 'v']), (ARRAY[3, 4], MAP['k', 'w'])) AS t(a, m);
