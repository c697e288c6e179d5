-- The late rows of the pattern are those of Flink for WHERE ts <= CURRENT_WATERMARK(ts).
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

CREATE TABLE late_of_windows (
  id INT, k STRING, v INT, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 'late-of-windows', 'format' = 'json');
CREATE TABLE pairs (
  a INT, b INT
) WITH ('connector' = 'filesystem', 'path' = 'pairs', 'format' = 'json');

CREATE VIEW both_halves AS
SELECT * FROM t WHERE v < 5 UNION ALL SELECT * FROM t WHERE v >= 5;

BEGIN STATEMENT SET;
INSERT INTO pairs
SELECT *
FROM t MATCH_RECOGNIZE (
  ORDER BY ts MEASURES A.id AS a, B.id AS b
  AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE B AS B.v > A.v
) LATE ROWS INTO late;
INSERT INTO counted
SELECT k, window_end, COUNT(*)
FROM TABLE(HOP(TABLE both_halves, DESCRIPTOR(ts), INTERVAL '5' SECOND, INTERVAL '15' SECOND))
GROUP BY k, window_start, window_end
LATE ROWS INTO late_of_windows;
END;
