-- Flink computes VAR and STDDEV from parts, and then SUM and AVG of the same grouping, too: from a
-- sum and a count. So a row that changes only the count sends equal values.
CREATE TABLE t (k STRING, i INT, x DOUBLE)
  WITH ('connector' = 'filesystem', 'path' = 'input/t.jsonl', 'format' = 'json');

SELECT k, VAR_POP(x) AS v, SUM(i) AS s, AVG(i) AS a, MAX(i) AS m FROM t GROUP BY k;
