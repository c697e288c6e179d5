-- PREV with an offset in DEFINE and MEASURES: the row before in the partition, in the match or not
CREATE TABLE steps (
  id INT,
  k STRING,
  kind STRING,
  val INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM steps MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY ts
  MEASURES M.id AS m, PREV(M.id) AS p, PREV(M.id, 2) AS p2, E.id AS e
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (M E)
  DEFINE M AS val > PREV(val), E AS val < PREV(val, 1)
) AS m;
