SELECT
  MAP['a', 1, 'b', 2] AS c0,
  MAP_KEYS(MAP['a', 1, 'b', 2]) AS c1,
  MAP_VALUES(MAP['a', 1, 'b', 2]) AS c2,
  MAP_ENTRIES(MAP['a', 1]) AS c3,
  MAP_FROM_ARRAYS(ARRAY['a', 'b'], ARRAY[1, 2]) AS c4,
  MAP_UNION(MAP['a', 1], MAP['a', 2, 'b', 3]) AS c5,
  STR_TO_MAP('a=1,b=2') AS c6,
  ROW(1, 'a') AS c7;
