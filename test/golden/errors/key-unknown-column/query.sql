CREATE TABLE t (
  id INT,
  twice AS id * 2,
  PRIMARY KEY (ident, twice) NOT ENFORCED
) WITH ('connector' = 'blackhole');
