SET 'execution.checkpointing.timeout' = '1 min';
SET 'execution.checkpointing.min-pause' = '5 min';
