import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Batch } from '../../../src/batch/batch.ts';
import { ObjectVector } from '../../../src/batch/vector.ts';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  type DataType,
  DOUBLE,
  FLOAT,
  INT,
  SMALLINT,
  STRING,
  TINYINT,
} from '../../../src/core/data-type.ts';
import { ByteOutput } from '../../../src/formats/byte-output.ts';
import { byteRanges } from '../../../src/formats/byte-ranges.ts';
import { findFormat } from '../../../src/formats/format-registry.ts';

const raw = findFormat('raw')!;

function roundTrip(type: DataType, values: readonly unknown[], options: Readonly<Record<string, string>>): unknown[] {
  const field = { name: 'v', type };
  const encoder = raw.encoder!(options, [field]);
  const parts = values.map((_, row) => {
    const output = new ByteOutput();
    encoder.encodeRow(new Batch(values.length, [new ObjectVector([...values])]), row, output);
    return Buffer.from(output.buffer.subarray(0, output.position));
  });
  const fail = (reason: string): never => assert.fail(reason);
  const decoder = raw.decoder!(options, { fields: [field], physical: ['v'] }, 64, fail);
  const { batch } = decoder.decodeValues(byteRanges(parts), 0, 64);
  return Array.from({ length: batch.size }, (_, row) => batch.columns[0]!.get(row));
}

describe('format raw', () => {
  const cases: readonly (readonly [DataType, readonly unknown[]])[] = [
    [STRING, ['', 'a\nb', 'wörld €', '\u{1f600}']],
    [BYTES, [new Uint8Array([0, 10, 255])]],
    [BOOLEAN, [true, false]],
    [TINYINT, [-128, 127]],
    [SMALLINT, [-32768, 32767]],
    [INT, [-2147483648, 0, 2147483647]],
    [BIGINT, [-9223372036854775808n, 7, 9007199254740993n]],
    [FLOAT, [1.5, Number.NEGATIVE_INFINITY]],
    [DOUBLE, [0.1, Number.NaN]],
  ];
  for (const endianness of ['big-endian', 'little-endian'] as const) {
    for (const [type, values] of cases)
      it(`reads ${type.kind} as it writes it, ${endianness}`, () =>
        assert.deepEqual(roundTrip(type, values, { 'raw.endianness': endianness }), values));
  }

  it('writes ? for a character that the encoding does not have', () => {
    assert.deepEqual(roundTrip(STRING, ['é€'], { 'raw.charset': 'ISO-8859-1' }), ['é?']);
    assert.deepEqual(roundTrip(STRING, ['aé\u{1f600}'], { 'raw.charset': 'US-ASCII' }), ['a??']);
  });

  it('has one column of a type with a binary form', () => {
    const problem = (...types: readonly DataType[]) => raw.problem!(types.map((type, i) => ({ name: `c${i}`, type })));
    assert.equal(problem(STRING), null);
    assert.match(problem(STRING, INT)!, /'raw' has one physical column, and the table has 2/);
    assert.match(problem({ kind: 'date', nullable: true })!, /'raw' cannot hold the column `c0` DATE/);
  });
});
