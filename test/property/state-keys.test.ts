/**
 * Laws of key encoding: bytes sort as values do, no key is a prefix of another, and reading returns
 * the written values.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { narrowLong } from '../../src/batch/vector.ts';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  type DataType,
  DOUBLE,
  decimal,
  INT,
  STRING,
  timestamp,
} from '../../src/core/data-type.ts';
import { ByteReader, ByteWriter } from '../../src/engine/state/byte-codec.ts';
import { keyPart } from '../../src/engine/state/key-codec.ts';
import { codecOf } from '../../src/engine/state/value-codec.ts';

const long = fc.oneof(
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrowLong),
  fc.maxSafeInteger(),
);
const nullable = <T>(a: fc.Arbitrary<T>) => fc.option(a, { freq: 8, nil: null });
const TYPES: readonly { type: DataType; values: fc.Arbitrary<unknown>; ordered: boolean }[] = [
  { type: BIGINT, values: nullable(long), ordered: true },
  { type: INT, values: nullable(fc.integer()), ordered: true },
  { type: DOUBLE, values: nullable(fc.double({ noNaN: true })), ordered: true },
  { type: BOOLEAN, values: nullable(fc.boolean()), ordered: true },
  { type: STRING, values: nullable(fc.string({ unit: 'binary' })), ordered: true },
  { type: BYTES, values: nullable(fc.uint8Array().map((b) => Buffer.from(b))), ordered: true },
  { type: timestamp(3), values: nullable(fc.integer({ min: -8e12, max: 8e12 })), ordered: true },
  { type: decimal(38, 4), values: nullable(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n })), ordered: true },
  {
    type: { kind: 'array', element: STRING, nullable: true },
    values: nullable(fc.array(nullable(fc.string()))),
    ordered: false,
  },
];

const encode = (type: DataType, value: unknown): Buffer => {
  const writer = new ByteWriter(4);
  keyPart(type).write(writer, value);
  return writer.finish();
};

function order(type: DataType, a: unknown, b: unknown): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  if (type.kind === 'varchar') return Buffer.compare(Buffer.from(a as string), Buffer.from(b as string));
  if (type.kind === 'varbinary') return Buffer.compare(a as Buffer, b as Buffer);
  // -0 is before 0 among encoded floats.
  if (type.kind === 'double' && a === 0 && b === 0) return (Object.is(a, -0) ? 0 : 1) - (Object.is(b, -0) ? 0 : 1);
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

for (const { type, values, ordered } of TYPES) {
  it(`${type.kind}: order, prefix freedom, round trip`, () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const x = encode(type, a);
        const y = encode(type, b);
        if (ordered) assert.equal(Math.sign(Buffer.compare(x, y)), Math.sign(order(type, a, b)));
        if (!x.equals(y)) assert.ok(!x.subarray(0, y.length).equals(y), 'prefix');
        const reader = new ByteReader(Buffer.concat([x, y]));
        assert.deepEqual(keyPart(type).read(reader), a);
        assert.deepEqual(keyPart(type).read(reader), b);
      }),
      { numRuns: 400 },
    );
  });
  it(`${type.kind}: state values come back`, () => {
    fc.assert(
      fc.property(values, (a) => {
        const writer = new ByteWriter(4);
        codecOf(type).encode(a, writer);
        assert.deepEqual(codecOf(type).decode(new ByteReader(writer.finish())), a);
      }),
    );
  });
}
