-- an aggregate over the windows of sessions by their keys
CREATE TABLE t (
  id INT,
  k STRING,
  v INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

CREATE VIEW sessions AS
SELECT k, window_start, window_end, SUM(v) AS total, COUNT(*) AS c
FROM SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '5' SECOND)
GROUP BY k, window_start, window_end;

SELECT k, window_start, window_end, COUNT(*) AS sessions, SUM(total) AS total
FROM sessions
GROUP BY k, window_start, window_end;
