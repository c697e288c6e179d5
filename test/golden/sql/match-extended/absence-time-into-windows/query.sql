CREATE TABLE ev (ts TIMESTAMP(3), k STRING, x INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');

CREATE VIEW silent AS SELECT * FROM ev MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.x AS x, MATCH_ROWTIME() AS at
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A NOT FOLLOWED BY B) WITHIN INTERVAL '10' SECOND
  DEFINE A AS x = 1, B AS x = 2
) AS m;
SELECT window_start, window_end, COUNT(*) AS n
FROM TABLE(TUMBLE(TABLE silent, DESCRIPTOR(at), INTERVAL '1' SECOND)) GROUP BY window_start, window_end;
