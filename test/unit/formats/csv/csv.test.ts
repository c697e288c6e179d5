import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type DataType, INT, STRING, timestamp } from '../../../../src/core/data-type.ts';
import { CsvDecoder } from '../../../../src/formats/csv/csv-decoder.ts';
import { CsvEncoder } from '../../../../src/formats/csv/csv-encoder.ts';
import { csvOptions } from '../../../../src/formats/csv/csv-options.ts';

const ints: DataType = { kind: 'array', element: INT, nullable: true };
const COLUMNS = [
  { name: 'a', type: INT, position: 0 },
  { name: 'b', type: STRING, position: 1 },
  { name: 'x', type: ints, position: 2 },
  { name: 't', type: timestamp(3), position: 3 },
];

function decode(text: string, options: Record<string, string>, maxRows = 1000, columns = COLUMNS, width = 4) {
  const rows: unknown[][] = [];
  const bad: string[] = [];
  const decoder = new CsvDecoder(columns, width, csvOptions(options), (reason, buffer, start, end) => {
    bad.push(`${reason}: ${buffer.utf8Slice(start, end).trim()}`);
  });
  const buffer = Buffer.from(text);
  for (let from = 0; from < buffer.length; ) {
    const { batch, next } = decoder.decode(buffer, from, buffer.length, maxRows);
    for (let i = 0; i < batch.size; i++) rows.push(batch.columns.map((column) => column.get(i)));
    if (next === from) break;
    from = next;
  }
  return { rows, bad };
}

const TEXT = `# comment
1,"a ""q"", b
c",1;2,2024-01-01 00:00:00.5
2,N/A,, 2024-01-01 00:00:00
x,y,1,2024-01-01 00:00:00
3,z
`;

test('quotes, NULLs, arrays, comments, malformed records', () => {
  const options = { 'csv.null-literal': 'N/A', 'csv.allow-comments': 'true' };
  for (const maxRows of [1, 2, 1000]) {
    const { rows, bad } = decode(TEXT, options, maxRows);
    assert.deepEqual(rows, [
      [1, 'a "q", b\nc', [1, 2], 1704067200500],
      [2, null, [], 1704067200000],
    ]);
    assert.deepEqual(bad, [
      'column a: "x" is not a INT: x,y,1,2024-01-01 00:00:00',
      'the record has 2 cells, the table 4 columns: 3,z',
    ]);
  }
});

test('ignore-parse-errors makes cells NULL', () => {
  const { rows } = decode('x,y,1,never\n', { 'csv.ignore-parse-errors': 'true' });
  assert.deepEqual(rows, [[null, 'y', [1], null]]);
});

test('only wanted columns, other delimiter, no quotes', () => {
  const options = { 'csv.field-delimiter': '|', 'csv.disable-quote-character': 'true' };
  const { rows } = decode('1|"b|2\n', options, 10, [{ name: 'b', type: STRING, position: 1 }], 3);
  assert.deepEqual(rows, [['"b']]);
});

test('reads back the written values', () => {
  const columns = [
    { name: 's', type: STRING, position: 0 },
    { name: 'n', type: INT, position: 1 },
  ];
  const row = fc.tuple(
    fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'ä', '#', '\\') }),
    fc.integer({ min: -5, max: 5 }),
  );
  for (const options of [
    {},
    { 'csv.escape-character': '\\' },
    { 'csv.field-delimiter': ';', 'csv.quote-character': "'" },
  ]) {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), (rows) => {
        const encoder = new CsvEncoder(columns, csvOptions(options));
        const text = rows.map((values) => `${encoder.record(values)}\n`).join('');
        assert.deepEqual(decode(text, options, 2, columns, 2).rows, rows);
      }),
    );
  }
});
