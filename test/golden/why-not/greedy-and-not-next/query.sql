-- a greedy loop takes what could end the match; NOT NEXT; a loop that UNTIL ends
CREATE TABLE clicks (id INT, k STRING, kind STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts - INTERVAL '0.001' SECOND)
WITH ('connector' = 'filesystem', 'path' = 'input/clicks.jsonl', 'format' = 'json');

CREATE VIEW greedy AS SELECT * FROM clicks MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES FIRST(A.id) AS a, C.id AS c
  PATTERN (A{1,2} C) WITHIN INTERVAL '10' SECOND
  DEFINE A AS A.kind = 'a', C AS C.kind <> 'x');

CREATE VIEW quiet AS SELECT * FROM clicks MATCH_RECOGNIZE (
  PARTITION BY k ORDER BY ts MEASURES A.id AS a, LAST(B.id) AS b, C.id AS c
  AFTER MATCH NO SKIP
  PATTERN (A NOT NEXT X FOLLOWED BY B+? RELAXED UNTIL U FOLLOWED BY C) WITHIN INTERVAL '10' SECOND
  DEFINE A AS A.kind = 'a', X AS X.kind = 'x', B AS B.kind = 'b', C AS C.kind = 'c', U AS U.kind = 'u');

EXPLAIN MATCH greedy FOR KEY ('p');
EXPLAIN MATCH quiet FOR KEY ('q');
