SELECT y || '|' AS z, x, CHAR_LENGTH(y) AS n FROM (VALUES (1, 'a'), (2, 'bb'), (1 + 2, UPPER('ccc'))) AS v(x, y) WHERE x < 3;
