SELECT
  1 + 2.5 AS c0,
  DATE '2026-03-01' - INTERVAL '1' DAY AS c1,
  1.5 * 1.5 AS c2,
  7 / 2 AS c3,
  -7 % 3 AS c4,
  MOD(7, 3) AS c5,
  -(2 + 3) AS c6;
