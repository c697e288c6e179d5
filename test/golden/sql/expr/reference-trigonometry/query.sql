SELECT
  SIN(0) AS c0,
  COS(0) AS c1,
  TAN(0) AS c2,
  COT(1) AS c3,
  ASIN(1) AS c4,
  ACOS(1) AS c5,
  ATAN(1) AS c6,
  ATAN2(1, 1) AS c7,
  SINH(0) AS c8,
  COSH(0) AS c9,
  TANH(0) AS c10,
  DEGREES(PI()) AS c11,
  RADIANS(180) AS c12;
