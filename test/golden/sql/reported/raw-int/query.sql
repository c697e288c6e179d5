CREATE TABLE big (v INT) WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'raw');
CREATE TABLE small (v INT) WITH ('connector' = 'filesystem', 'path' = 'input/t.txt', 'format' = 'raw', 'raw.endianness' = 'little-endian');
SELECT 'big' AS e, v FROM big UNION ALL SELECT 'small', v FROM small;
