-- level: portable
CREATE TABLE t (id INT, ts TIMESTAMP(3), p ROW<ch STRING, amt INT>, WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');

SELECT x FROM t MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a, COUNT(A.*) AS c ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A) DEFINE A AS A.id > 1
) AS m (x, y);
