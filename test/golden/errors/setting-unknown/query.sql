SET 'sequitur.sql.levle' = 'portable';
SET 'no.such.key' = '1';
SET 'pipeline.max-parallelism' = '4';
