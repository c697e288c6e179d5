import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  STRING,
  TIME,
  timestamp,
  timestampLtz,
} from '../../../src/core/data-type.ts';
import { exactJsonText, parseJsonExactly } from '../../../src/core/exact-json.ts';
import { readJsonValue } from '../../../src/formats/json-value.ts';
import { writeJsonValue } from '../../../src/formats/value-text.ts';

const read = (type: DataType, text: string): unknown => readJsonValue(type)(parseJsonExactly(text));

test('recorded: values that columns accept', () => {
  assert.equal(read(INT, '"7"'), 7);
  assert.equal(read(INT, '1.9'), 1);
  assert.equal(read(STRING, '{"k":[1,2]}'), '{"k":[1,2]}');
  assert.equal(read(STRING, '12'), '12');
  assert.equal(read(STRING, '1.10'), '1.10');
  assert.equal(read(STRING, '1e400'), '1e400');
  assert.equal(read(STRING, '9007199254740993'), '9007199254740993');
  assert.equal(read(BOOLEAN, '"true"'), true);
  assert.equal(read(DOUBLE, '"2.5"'), 2.5);
  assert.equal(read(BIGINT, '-9223372036854775808'), -9223372036854775808n);
  assert.equal(read(BIGINT, '9007199254740993'), 9007199254740993n);
  assert.equal(read(decimal(20, 2), '123456789012345678.91'), 12345678901234567891n);
  assert.equal(read(decimal(20, 2), '0.005'), 1n);
  assert.equal(read(decimal(20, 2), '99999999999999999999.00'), null);
  assert.throws(() => read(INT, '"seven"'), /"seven" is not a INT/);
  assert.throws(() => read(INT, '3000000000'));
  assert.throws(() => read({ kind: 'tinyint', nullable: true }, '1.9'));
  assert.throws(() => read(BYTES, '"QUI"'));
  assert.throws(() => read(timestamp(3), '"2024-03-05T10:00:00"'));
  assert.throws(() => read(timestampLtz(3), '"2024-03-05 10:00:00"'));
  assert.equal(read(STRING, '[1, 2.50]'), '[1,2.5]');
  assert.equal(read(TIME, '"24:00:00"'), 0);
  assert.equal(read(timestamp(3), '"2024-02-30 10:00:00"'), 1709200800000);
});

test('fields: missing ones are NULL, inherited names too', () => {
  const row: DataType = {
    kind: 'row',
    fields: [
      { name: 'toString', type: STRING },
      { name: 'a', type: INT },
    ],
    nullable: true,
  };
  assert.deepEqual(read(row, '{"a":1,"b":2}'), [null, 1]);
});

test('recorded: forms in which values are written', () => {
  const check = (type: DataType, value: unknown, text: string) => assert.equal(writeJsonValue(type)(value), text);
  check(timestamp(3), 1709632800120, '"2024-03-05 10:00:00.12"');
  check(timestamp(3), 1709632800000, '"2024-03-05 10:00:00"');
  check(timestampLtz(3), 1710052200250, '"2024-03-10 06:30:00.25Z"');
  check(DATE, 19787, '"2024-03-05"');
  check(TIME, 5_399_000, '"01:29:59"');
  check(DOUBLE, 1e10, '1.0E10');
  check(DOUBLE, Number.NaN, '"NaN"');
  check(FLOAT, Math.fround(0.1), '0.1');
  check(BIGINT, -9223372036854775808n, '-9223372036854775808');
  check(decimal(10, 2), -255, '-2.55');
  check(BYTES, Buffer.from('AB'), '"QUI="');
  check({ kind: 'map', key: STRING, value: INT, nullable: true }, new Map([['a', null]]), '{"a":null}');
  check({ kind: 'row', fields: [{ name: 'x', type: INT }], nullable: true }, [1], '{"x":1}');
});

test('reads back the written values', () => {
  const values: readonly (readonly [DataType, fc.Arbitrary<unknown>])[] = [
    [
      BIGINT,
      fc
        .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
        .map((v) => (Number.isSafeInteger(Number(v)) ? Number(v) : v)),
    ],
    [DOUBLE, fc.double({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0)],
    [FLOAT, fc.float({ noNaN: true, noDefaultInfinity: true }).map((v) => v + 0)],
    [decimal(38, 10), fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n })],
    [STRING, fc.string({ unit: 'binary' })],
    [timestamp(3), fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })],
    [timestamp(9), fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n })],
    [BYTES, fc.uint8Array().map((v) => Buffer.from(v))],
  ];
  for (const [type, arbitrary] of values) {
    fc.assert(fc.property(arbitrary, (value) => assert.deepEqual(read(type, writeJsonValue(type)(value)), value)));
  }
});

test('exact JSON keeps every number', () => {
  const text = '{"a":[9007199254740993,1.10,1e400,-0.5,7],"b":"1.10"}';
  assert.equal(exactJsonText(parseJsonExactly(text)), text);
});

test('a document nested too deeply is no JSON', () => {
  assert.throws(() => parseJsonExactly('['.repeat(100_000)), /nested deeper than 1000 levels/);
  assert.equal(exactJsonText(parseJsonExactly(`${'['.repeat(900)}${']'.repeat(900)}`)).length, 1800);
});
