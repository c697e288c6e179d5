SELECT
  REGEXP('web-17', '[0-9]+') AS c0,
  REGEXP_EXTRACT('web-17', '(\w+)-(\d+)', 2) AS c1,
  REGEXP_EXTRACT_ALL('a1 b2', '([a-z])\d') AS c2,
  REGEXP_SUBSTR('web-17', '\d+') AS c3,
  REGEXP_REPLACE('a1b22', '\d+', '#') AS c4,
  REGEXP_COUNT('a1b22', '\d') AS c5,
  REGEXP_INSTR('web-17', '\d') AS c6;
