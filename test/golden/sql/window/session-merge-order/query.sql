-- The order of LISTAGG in a session that a row makes of two sessions. Flink adds one of them to the
-- other, and the hashes of their windows decide which one.
CREATE TABLE visits (
  id INT,
  k STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '20' SECOND
) WITH ('connector' = 'filesystem', 'path' = 'input/visits.jsonl', 'format' = 'json');

SELECT k, window_start, window_end, LISTAGG(CAST(id AS STRING)) AS ids
FROM TABLE(SESSION(TABLE visits PARTITION BY k, DESCRIPTOR(ts), INTERVAL '3' SECOND))
GROUP BY k, window_start, window_end;
