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

CREATE VIEW per_key AS
SELECT k, TUMBLE_ROWTIME(ts, INTERVAL '10' SECOND) AS at, COUNT(*) AS n
FROM t
WHERE v > 0
GROUP BY k, TUMBLE(ts, INTERVAL '10' SECOND);

INSERT INTO counted
SELECT k, window_end, SUM(n)
FROM TABLE(TUMBLE(TABLE per_key, DESCRIPTOR(at), INTERVAL '20' SECOND))
GROUP BY k, window_start, window_end
LATE ROWS INTO late;
