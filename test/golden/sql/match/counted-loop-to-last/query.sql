-- AFTER MATCH SKIP TO LAST of a loop with bounds
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
    COUNT(B.id) AS looped,
    SUM(B.id) AS total
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST B
  PATTERN (A B{2,25} C)
  DEFINE A AS A.kind = 'a', B AS B.kind = 'a', C AS C.id > 20
) AS m;
