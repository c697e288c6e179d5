CREATE TABLE t (id INT, who STRING, v INT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 't', 'format' = 'json');
SELECT who, MATCH_ROWTIME() AS at FROM t MATCH_RECOGNIZE (
  PARTITION BY who ORDER BY ts MEASURES A.v AS v PATTERN (A) DEFINE A AS v > 1) AS m;
