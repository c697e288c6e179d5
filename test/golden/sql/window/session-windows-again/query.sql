-- an aggregate over the windows of sessions without keys
CREATE TABLE t (
  id INT,
  k STRING,
  v INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

CREATE VIEW sessions AS
SELECT window_start, window_end, SUM(v) AS total, COUNT(*) AS c
FROM SESSION(TABLE t, DESCRIPTOR(ts), INTERVAL '5' SECOND)
GROUP BY window_start, window_end;

SELECT window_start, window_end, COUNT(*) AS sessions, SUM(total) AS total
FROM sessions
GROUP BY window_start, window_end;
