CREATE TABLE t (
  id INT, k STRING, v INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE TABLE late (
  id INT, k STRING, v INT, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 'late', 'format' = 'json');
CREATE TABLE counted (
  k STRING, until TIMESTAMP(3), n BIGINT
) WITH ('connector' = 'filesystem', 'path' = 'counted', 'format' = 'json');

INSERT INTO counted
SELECT k, window_end, COUNT(*)
FROM TABLE(SESSION(TABLE t PARTITION BY k, DESCRIPTOR(ts), INTERVAL '6' SECOND))
GROUP BY k, window_start, window_end
LATE ROWS INTO late;
