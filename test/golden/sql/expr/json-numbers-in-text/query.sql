-- a number keeps its text; numbers in an object or an array are written as DOUBLE
CREATE TABLE t (
  id INT,
  s STRING
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT id, s FROM t;
