CREATE TABLE größen (
  `straße` STRING,
  länge INT,
  `😀` INT
) WITH ('connector' = 'kafka');
SELECT `😀`, '😀😀', strasse, lange FROM größen;
