import { isDeepStrictEqual } from 'node:util';
import type { Batch } from '../../src/batch/batch.ts';
import { INT, STRING } from '../../src/core/data-type.ts';
import { BytesKeyIndex } from '../../src/engine/state/bytes-key-index.ts';
import { byteRanges } from '../../src/formats/byte-ranges.ts';
import { CsvDecoder } from '../../src/formats/csv/csv-decoder.ts';
import type { CsvOptions } from '../../src/formats/csv/csv-options.ts';
import { JsonDecoder } from '../../src/formats/json/json-decoder.ts';
import type { RowDecoder } from '../../src/formats/row-decoder.ts';

export type BytesFormat = 'json' | 'csv';
type Row = readonly [id: unknown, s: unknown];

const ROWS_MAX = 1024;
const CSV: CsvOptions = {
  delimiter: ',',
  quote: '"',
  escape: null,
  comments: false,
  nullLiteral: null,
  ignoreErrors: false,
  header: false,
  elementDelimiter: ';',
};

/** Bytes that mean something to a format become a malformed byte. */
const plain = (bytes: Buffer): Buffer =>
  Buffer.from(bytes.map((byte) => (byte < 0x20 || byte === 0x22 || byte === 0x2c || byte === 0x5c ? 0xff : byte)));

/** A line with random bytes in its text. `otherForm`: the scanner cannot read the line. */
export function randomLine(format: BytesFormat, bytes: Buffer, otherForm: boolean): Buffer {
  const text = plain(bytes);
  if (format === 'csv') return Buffer.concat([Buffer.from('7,'), text]);
  const from = Buffer.from(`{${otherForm ? '"x":"\\u0041",' : ''}"id":7,"s":"`);
  return Buffer.concat([from, text, Buffer.from('"}')]);
}

/** Reads the lines on all paths. Returns a description of the first difference, or null. */
export function compareBytes(format: BytesFormat, lines: readonly Buffer[]): string | null {
  const expected = lines.map((line) => reference(format, line));
  for (const maxRows of [1, 7, ROWS_MAX]) {
    const difference = firstDifference(`batches of ${maxRows} rows`, expected, decode(format, lines, maxRows));
    if (difference !== null) return difference;
  }
  const single = lines.flatMap((line) => decode(format, [line], 1));
  return (
    firstDifference('the exact reader', expected, single) ??
    firstDifference('records of messages', expected, decodeRecords(format, lines))
  );
}

function reference(format: BytesFormat, line: Buffer): Row {
  const text = new TextDecoder().decode(line);
  if (format === 'csv') return [7, text.slice(text.indexOf(',') + 1)];
  const { id, s } = JSON.parse(text) as { id: number; s: string };
  return [id, s];
}

function decoderOf(format: BytesFormat): RowDecoder {
  const malformed = (reason: string): never => {
    throw new Error(`malformed: ${reason}`);
  };
  if (format === 'csv') {
    const columns = [
      { name: 'id', type: INT, position: 0 },
      { name: 's', type: STRING, position: 1 },
    ];
    return new CsvDecoder(columns, columns.length, CSV, malformed);
  }
  const fields = [
    { name: 'id', type: INT },
    { name: 's', type: STRING },
  ];
  return new JsonDecoder(fields, ROWS_MAX, malformed);
}

function decode(format: BytesFormat, lines: readonly Buffer[], maxRows: number): Row[] {
  const buffer = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  const decoder = decoderOf(format);
  const rows: Row[] = [];
  for (let at = 0; at < buffer.length; ) {
    const { batch, next } = decoder.decode(buffer, at, buffer.length, maxRows);
    rows.push(...rowsOf(batch));
    at = next;
  }
  return rows;
}

function decodeRecords(format: BytesFormat, lines: readonly Buffer[]): Row[] {
  const values = byteRanges(lines);
  const decoder = decoderOf(format);
  const rows: Row[] = [];
  for (let from = 0; from < values.count; ) {
    const { batch, next } = decoder.decodeValues(values, from, ROWS_MAX);
    rows.push(...rowsOf(batch));
    from = next;
  }
  return rows;
}

/** The rows of a batch. The text also goes through the key of a state, as after a restore. */
function rowsOf(batch: Batch): Row[] {
  const [id, s] = batch.columns;
  const index = new BytesKeyIndex([STRING], ROWS_MAX);
  const slots = new Int32Array(batch.size);
  let slot = 0;
  index.lookup(batch, [1], null, batch.size, slots, () => slot++, null);
  return Array.from({ length: batch.size }, (_, row): Row => {
    const [key] = index.keyOf(slots[row]!);
    return [id!.get(row), key === s!.get(row) ? key : { key, value: s!.get(row) }];
  });
}

function firstDifference(path: string, expected: readonly Row[], rows: readonly Row[]): string | null {
  if (rows.length !== expected.length) return `${path}: ${rows.length} rows instead of ${expected.length}`;
  const at = rows.findIndex((row, i) => !isDeepStrictEqual(row, expected[i]));
  return at < 0 ? null : `${path}: line ${at}: ${JSON.stringify(rows[at])} instead of ${JSON.stringify(expected[at])}`;
}
