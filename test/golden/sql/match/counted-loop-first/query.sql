-- A loop with bounds begins the pattern
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
    FIRST(B.id) AS begins,
    LAST(D.id) AS ends,
    COUNT(B.id) AS looped,
    SUM(B.id) AS total
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (B{2,20} C+? D)
  DEFINE B AS B.kind = 'a', C AS C.kind = 'a' OR C.id > 60, D AS D.kind = 'c'
) AS m;
