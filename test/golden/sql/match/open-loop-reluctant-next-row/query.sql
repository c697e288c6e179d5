CREATE TABLE t (
  id INT, k STRING, kind STRING, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT * FROM t MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, C.id AS c, COUNT(B.id) AS n, FIRST(B.id) AS first_b, LAST(B.id) AS last_b
  ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW
  PATTERN (A B*? C) WITHIN INTERVAL '12' HOUR
  DEFINE A AS A.kind = 'a', B AS B.kind = 'a', C AS C.kind = 'c'
) AS m;
