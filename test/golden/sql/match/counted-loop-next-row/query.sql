-- Every start within the bounds of a loop matches
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
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B{3,20} C)
  DEFINE A AS A.kind = 'a', B AS B.kind = 'a', C AS C.kind = 'c'
) AS m;
