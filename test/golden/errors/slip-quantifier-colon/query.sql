CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
SELECT * FROM t MATCH_RECOGNIZE (
  PARTITION BY who ORDER BY ts
  MEASURES A.id AS a
  ONE ROW PER MATCH
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B{1:3})
  DEFINE A AS A.v = 1, B AS B.v > 1
) AS m;
