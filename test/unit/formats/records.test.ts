import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Batch } from '../../../src/batch/batch.ts';
import { NumberVector, ObjectVector } from '../../../src/batch/vector.ts';
import { type Field, INT, STRING } from '../../../src/core/data-type.ts';
import { ByteOutput } from '../../../src/formats/byte-output.ts';
import { type ByteRanges, byteRanges } from '../../../src/formats/byte-ranges.ts';
import { CsvDecoder } from '../../../src/formats/csv/csv-decoder.ts';
import { CsvEncoder } from '../../../src/formats/csv/csv-encoder.ts';
import { csvOptions } from '../../../src/formats/csv/csv-options.ts';
import { encodeRecords } from '../../../src/formats/encode-records.ts';
import { JsonDecoder } from '../../../src/formats/json/json-decoder.ts';
import { DebeziumJsonEncoder, JsonEncoder } from '../../../src/formats/json/json-encoder.ts';
import { RecordDecoder } from '../../../src/formats/record-decoder.ts';
import { encodeLines } from '../../../src/formats/row-encoder.ts';

const V: Field = { name: 'v', type: INT };
const K: Field = { name: 'k', type: STRING };
const OFFSET: Field = { name: 'offset', type: INT };

/** Reads a table with one column of the value, one of the key and one of the metadata. */
function read(values: readonly (string | null)[], keys: readonly (string | null)[] | null, maxRows: number) {
  const malformed: string[] = [];
  const note = (what: string) => (_r: string, _b: Buffer, _s: number, _e: number, range: number) =>
    malformed.push(`${what} ${range}`);
  const decoder = new RecordDecoder({
    fields: [V, K, OFFSET],
    columns: [
      { from: 'value', column: 0 },
      { from: 'key', column: 0 },
      { from: 'metadata', key: 'offset' },
    ],
    value: new JsonDecoder([V], maxRows, note('value')),
    key: new JsonDecoder([K], maxRows, note('key')),
  });
  const offsets = new NumberVector(Float64Array.from(values, (_, i) => 100 + i));
  const records = {
    values: byteRanges(values),
    keys: keys === null ? null : byteRanges(keys),
    metadata: () => offsets,
  };
  const rows: unknown[][] = [];
  for (let from = 0; from < values.length; ) {
    const { batch, next } = decoder.decode(records, from, maxRows);
    for (let row = 0; row < batch.size; row++) rows.push(batch.columns.map((column) => column.get(row)));
    assert.ok(next > from, 'progress');
    from = next;
  }
  return { rows, malformed };
}

describe('records of a connector with messages', () => {
  it('takes columns of the value, the key and the metadata, in batches of any size', () => {
    const values = ['{"v":1}', '{"v":2}', null, '{"v":"x"}', '{"v":5}', '{"v":6}', '{"v":7}'];
    const keys = ['{"k":"a"}', null, '{"k":"c"}', '{"k":"d"}', '{"k":{}}', '{"k":"f"}', '{"k":null}'];
    for (const maxRows of [1, 2, 3, 1024]) {
      const { rows, malformed } = read(values, keys, maxRows);
      assert.deepEqual(rows, [
        [1, 'a', 100],
        [2, null, 101],
        [5, '{}', 104],
        [6, 'f', 105],
        [7, null, 106],
      ]);
      assert.deepEqual(malformed, ['value 3']);
    }
  });

  it('leaves out a record with a malformed key, and names it', () => {
    for (const maxRows of [1, 2, 1024]) {
      const { rows, malformed } = read(['{"v":1}', '{"v":2}', '{"v":3}'], ['{"k":"a"}', '{', '{"k":"c"}'], maxRows);
      assert.deepEqual(rows, [
        [1, 'a', 100],
        [3, 'c', 102],
      ]);
      assert.deepEqual(malformed, ['key 1']);
    }
  });

  it('gives NULL for the key where no record has one', () => {
    assert.deepEqual(read(['{"v":1}'], null, 8).rows, [[1, null, 100]]);
  });

  it('reads one CSV record from each value', () => {
    const columns = [
      { ...V, position: 1 },
      { name: 'k', type: K.type, position: 0 },
    ];
    const malformed: number[] = [];
    const decoder = new CsvDecoder(columns, 2, csvOptions({}), (_r, _b, _s, _e, range) => malformed.push(range));
    const values = byteRanges(['a,1', '"b\nb",2', null, 'c', 'd,4\ne,5', '']);
    const rows: unknown[] = [];
    for (let from = 0; from < values.count; ) {
      const { batch, ranges, next } = decoder.decodeValues(values, from, 2);
      for (let row = 0; row < batch.size; row++) rows.push([ranges[row], batch.columns[0]!.get(row)]);
      from = next;
    }
    assert.deepEqual(rows, [
      [0, 1],
      [1, 2],
      [4, 4],
    ]);
    assert.deepEqual(malformed, [3]);
  });
});

describe('records for a sink with messages', () => {
  const fields = [V, K];
  const batch = new Batch(
    3,
    [new NumberVector(Float64Array.of(1, 2, 3)), new ObjectVector(['a', 'b,', 'c'])],
    Uint8Array.of(0, 3, 0),
    Int32Array.of(0, 1),
    2,
  );
  const texts = ({ buffer, count, starts, ends }: ByteRanges): string[] =>
    Array.from({ length: count }, (_, i) => buffer.toString('utf8', starts[i], ends[i]));

  it('knows the boundaries of value and key, also when the output grows', () => {
    const output = new ByteOutput(4);
    output.literal(Buffer.from('x'));
    const key = { encoder: new CsvEncoder([K], csvOptions({})), columns: [1] };
    const { values, keys } = encodeRecords(new JsonEncoder(fields), key, batch, output);
    assert.deepEqual(texts(values), ['{"v":1,"k":"a"}', '{"v":2,"k":"b,"}']);
    assert.deepEqual(texts(keys!), ['a', '"b,"']);
    assert.equal(encodeRecords(new JsonEncoder(fields), null, batch, output).keys, null);
  });

  it('writes the kind of a change into the record of a format that has it', () => {
    const { values } = encodeRecords(new DebeziumJsonEncoder([V]), null, batch, new ByteOutput());
    assert.deepEqual(texts(values), [
      '{"before":null,"after":{"v":1},"op":"c"}',
      '{"before":{"v":2},"after":null,"op":"d"}',
    ]);
  });

  it('separates records of a byte stream by line breaks', () => {
    const output = new ByteOutput();
    encodeLines(new CsvEncoder(fields, csvOptions({})), batch, output);
    assert.equal(output.buffer.toString('utf8', 0, output.position), '1,a\n2,"b,"\n');
  });
});
