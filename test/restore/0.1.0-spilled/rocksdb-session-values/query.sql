CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
CREATE TABLE results (k STRING, w TIMESTAMP(3), c BIGINT, s BIGINT, m STRING, d BIGINT, a DOUBLE) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO results
SELECT k, window_start, COUNT(*), SUM(v), MAX(kind), COUNT(DISTINCT kind), AVG(CAST(v AS DOUBLE))
FROM TABLE(SESSION(TABLE steps PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND)) GROUP BY k, window_start, window_end;
