import type { FileExample } from './run-files.ts';

/** An example for each connector. */
export const CONNECTOR_EXAMPLES: Readonly<Record<string, FileExample>> = {
  filesystem: {
    files: { 'numbers.jsonl': '{"n": 1}\n{"n": 2}\n' },
    sql: `CREATE TABLE numbers (n INT, file STRING METADATA FROM 'file.name' VIRTUAL)
WITH ('connector' = 'filesystem', 'path' = 'numbers.jsonl', 'format' = 'json');

CREATE TABLE doubled (n INT, file STRING)
WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO doubled SELECT n * 2, file FROM numbers;`,
  },
  datagen: {
    sql: `CREATE TABLE orders (id INT, state STRING)
WITH (
  'connector' = 'datagen', 'number-of-rows' = '3',
  'fields.id.kind' = 'sequence', 'fields.id.start' = '1', 'fields.state.length' = '4'
);

CREATE TABLE shown (id INT, state STRING) WITH ('connector' = 'print');

INSERT INTO shown SELECT id, state FROM orders;`,
  },
  print: {
    sql: `CREATE TABLE shown (name STRING, n BIGINT) WITH ('connector' = 'print', 'print-identifier' = 'count');

INSERT INTO shown SELECT name, COUNT(*) FROM (VALUES ('ann'), ('bob'), ('ann')) AS people (name) GROUP BY name;`,
  },
  blackhole: {
    sql: `CREATE TABLE nothing (n INT) WITH ('connector' = 'blackhole');

INSERT INTO nothing VALUES (1), (2);`,
  },
};
