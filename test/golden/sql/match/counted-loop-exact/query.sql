-- A loop with one number of rows
CREATE TABLE t (
  id INT,
  k STRING,
  kind STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT *
FROM t
MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES
    FIRST(A.id) AS begins,
    LAST(C.id) AS ends,
    COUNT(A.id) AS looped,
    SUM(A.id) AS total
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A{17} B C{2})
  DEFINE A AS A.kind = 'a', B AS B.kind = 'a', C AS C.id > 10
) AS m;
