CREATE TABLE ev (ts TIMESTAMP(3), k STRING, x INT, WATERMARK FOR ts AS ts - INTERVAL '1' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');

CREATE VIEW last_rows AS SELECT * FROM ev MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.x AS x, MATCH_ROWTIME() AS at
  ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A $)
  DEFINE A AS x > 0
) AS m;
SELECT k, x, window_end
FROM TABLE(TUMBLE(TABLE last_rows, DESCRIPTOR(at), INTERVAL '1' SECOND));
