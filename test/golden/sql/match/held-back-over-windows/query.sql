-- A pattern over windows. A held-back match is emitted at the first watermark that reaches the
-- bound, although no window fires there.
CREATE TABLE steps (
  id INT, k STRING, kind STRING, tag INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');

SELECT * FROM (
  SELECT k, kind, tag, MAX(id) AS id, window_time AS rt
  FROM TABLE(TUMBLE(TABLE steps, DESCRIPTOR(ts), INTERVAL '10' SECOND))
  GROUP BY k, kind, tag, window_start, window_end, window_time
) MATCH_RECOGNIZE (
  PARTITION BY k
  ORDER BY rt
  MEASURES S.id AS s, E.id AS e, MATCH_ROWTIME() AS mt
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO NEXT ROW
  PATTERN (S X*? E) WITHIN INTERVAL '25' SECOND
  DEFINE S AS kind = 's', E AS kind = 'e' AND E.tag = S.tag
) AS m;
