-- level: portable
CREATE TABLE t (id INT, ts TIMESTAMP(3), p ROW<ch STRING, amt INT>, WATERMARK FOR ts AS ts)
  WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');

SELECT * FROM t MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a, LAST(B.p.amt) AS amt ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B) DEFINE A AS A.p.ch = 'web', B AS p.amt > 5
) AS m;
