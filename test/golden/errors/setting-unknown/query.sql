SET 'sequitur.sql.levle' = 'portable';
SET 'no.such.key' = '1';
SET 'parallelism.default' = '4';
