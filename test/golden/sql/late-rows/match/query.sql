-- The late rows are those of Flink for WHERE ts <= CURRENT_WATERMARK(ts).
CREATE TABLE t (
  id INT, k STRING, v INT, ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '2' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');
CREATE TABLE late (
  id INT, k STRING, v INT, ts TIMESTAMP(3)
) WITH ('connector' = 'filesystem', 'path' = 'late', 'format' = 'json');
CREATE TABLE pairs (
  k STRING, a INT, b INT
) WITH ('connector' = 'filesystem', 'path' = 'pairs', 'format' = 'json');

INSERT INTO pairs
SELECT *
FROM t MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts
  MEASURES A.id AS a, B.id AS b
  AFTER MATCH SKIP PAST LAST ROW
  PATTERN (A B)
  DEFINE B AS B.v > A.v
)
LATE ROWS INTO late;
