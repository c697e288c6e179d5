CREATE TABLE steps (id INT, k STRING, kind STRING, v BIGINT, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '2' SECOND)
  WITH ('connector' = 'filesystem', 'path' = 'input/steps.jsonl', 'format' = 'json');
CREATE TABLE results (k STRING, c BIGINT, s BIGINT) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'debezium-json');

INSERT INTO results SELECT k, COUNT(*), SUM(v) FROM steps GROUP BY k;
