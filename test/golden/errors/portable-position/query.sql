SET 'sequitur.sql.level' = 'portable';
CREATE TABLE t (s STRING) WITH ('connector' = 'filesystem', 'path' = 't.jsonl', 'format' = 'json');
SELECT POSITION((s) IN s), POSITION(s || s IN s), POSITION(TRIM(s) IN s), POSITION('a' IN s), POSITION(TRIM(BOTH 'a' FROM s) IN s), POSITION(CAST(s AS STRING) IN s) FROM t;
