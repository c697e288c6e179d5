SELECT
  'web-17' LIKE 'web%' AS c0,
  'web-17' SIMILAR TO '(web|app)-[0-9]+' AS c1,
  STARTSWITH('web-17', 'web') AS c2,
  ENDSWITH('web-17', '17') AS c3,
  POSITION('u' IN 'Sequitur') AS c4,
  LOCATE('u', 'Sequitur', 5) AS c5,
  INSTR('Sequitur', 'u', 1, 2) AS c6,
  IS_ALPHA('abc') AS c7,
  IS_DIGIT('12a') AS c8,
  IS_DECIMAL('-1.5') AS c9;
