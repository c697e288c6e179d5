import type { FileExample } from './run-files.ts';

/** An example and the rules of each format. */
export interface FormatNotes {
  readonly rules: readonly string[];
  readonly example: FileExample;
}

const CSV_TABLES = `CREATE TABLE people (id INT, name STRING, tags ARRAY<STRING>, seen DATE)
WITH ('connector' = 'filesystem', 'path' = 'people.csv', 'format' = 'csv', 'csv.null-literal' = '-');

CREATE TABLE copies (id INT, name STRING, tags ARRAY<STRING>, seen DATE)
WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'csv', 'csv.null-literal' = '-');

INSERT INTO copies SELECT id, name, tags, seen FROM people;`;

export const FORMAT_NOTES: Readonly<Record<string, FormatNotes>> = {
  json: {
    rules: [
      'A column gets the value of the key with its name. Names are case-sensitive. A missing key is NULL, and other keys are ignored.',
      'A number or BOOLEAN may stand in quotes, and a text column accepts a number. INT and BIGINT cut a fraction. A DECIMAL is rounded to its scale.',
      'A TIMESTAMP is a text such as `2026-03-01 12:30:45.5`. A TIMESTAMP_LTZ ends with `Z`. BYTES are a text in base64.',
      'An array of objects in a line gives several rows. An empty line is left out.',
      'A line that is not JSON, or a value that does not fit, fails the job. The error names the file, the line and the column. `json.ignore-parse-errors` and `dead-letter.path` change that.',
    ],
    example: {
      files: {
        'people.jsonl': `{"id": 1, "name": "ann", "home": {"city": "Ulm", "zip": "89073"}, "seen": "2026-03-01 12:30:45.5"}
{"id": "2", "name": "bob", "age": 30}
`,
      },
      sql: `CREATE TABLE people (id INT, name STRING, home ROW<city STRING>, seen TIMESTAMP(3))
WITH ('connector' = 'filesystem', 'path' = 'people.jsonl', 'format' = 'json');

CREATE TABLE copies (id INT, name STRING, city STRING, seen TIMESTAMP(3))
WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'json');

INSERT INTO copies SELECT id, name, home.city, seen FROM people;`,
    },
  },
  csv: {
    rules: [
      'The columns have the order of the table. A record must have a cell for each column.',
      'A quote counts only at the start of a cell. A quote in a quoted cell is doubled. A quoted cell may contain line breaks.',
      'An empty cell is the empty text. For a number it is a mistake. Use `csv.null-literal` for NULL.',
      'The elements of an ARRAY and the fields of a ROW are parts of one cell. MAP and MULTISET are not possible.',
      'A record or cell that does not fit fails the job. `csv.ignore-parse-errors` and `dead-letter.path` change that.',
    ],
    example: {
      files: { 'people.csv': '1,"Ann ""A"", Ulm",new;old,2026-03-01\n2,Bob,-,-\n' },
      sql: CSV_TABLES,
    },
  },
  raw: {
    rules: [
      'The table has one physical column. It may have metadata columns and computed columns.',
      'A record of a file is a line without its line break. A number in binary, or bytes, must not contain the byte of a line break.',
    ],
    example: {
      files: { 'app.log': '12:30 started\n12:31 failed\n' },
      sql: `CREATE TABLE logs (line STRING) WITH ('connector' = 'filesystem', 'path' = 'app.log', 'format' = 'raw');

CREATE TABLE failures (line STRING) WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'raw');

INSERT INTO failures SELECT UPPER(line) FROM logs WHERE line LIKE '%failed%';`,
    },
  },
  'debezium-json': {
    rules: [
      'The format accepts the changes of a table: new rows and −U, +U and −D.',
      'An update is a delete (`d`) of the old row and a create (`c`) of the new row, as in Flink.',
    ],
    example: {
      sql: `CREATE TABLE counts (name STRING, n BIGINT)
WITH ('connector' = 'filesystem', 'path' = 'out', 'format' = 'debezium-json');

INSERT INTO counts SELECT name, COUNT(*) FROM (VALUES ('ann'), ('ann')) AS people (name) GROUP BY name;`,
    },
  },
};
