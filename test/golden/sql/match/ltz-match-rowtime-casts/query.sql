SET 'table.local-time-zone' = 'Asia/Kolkata';
CREATE TABLE ev (id INT, ts TIMESTAMP_LTZ(3), k STRING, x INT, WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = 'input/ev.jsonl', 'format' = 'json');
CREATE VIEW v AS SELECT * FROM ev MATCH_RECOGNIZE (PARTITION BY k ORDER BY ts MEASURES A.id AS a, MATCH_ROWTIME(ts) AS mt AFTER MATCH SKIP PAST LAST ROW PATTERN (A B) DEFINE A AS x = 1, B AS x = 2) AS m;
SELECT a, CAST(mt AS STRING) AS s, CAST(mt AS DATE) AS d, CAST(CAST(mt AS TIMESTAMP(3)) AS STRING) AS t, HOUR(mt) AS h FROM v;
