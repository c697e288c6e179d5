SET 'sequitur.sql.level' = 'strict';
SET 'table.local-time-zone' = 'Europe/Berln';
SET 'execution.checkpointing.interval' = 'often';
