import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  INTERVAL_DAY_TIME,
  SMALLINT,
  STRING,
  TIME,
  TINYINT,
  timestamp,
  timestampLtz,
  typeName,
} from '../../../../src/core/data-type.ts';
import { canCast, castScalar } from '../../../../src/functions/cast/cast.ts';
import { environment } from '../../../support/call-function.ts';

const cast = (value: unknown, from: DataType, to: DataType, onError: 'fail' | 'null' = 'fail', zone = 'UTC'): unknown =>
  castScalar(from, to, onError, environment(zone))(value);

function check(to: DataType, rows: readonly (readonly [unknown, DataType, unknown])[]): void {
  for (const [value, from, expected] of rows) {
    assert.deepEqual(cast(value, from, to, 'null'), expected, `${String(value)} ${typeName(from)} → ${typeName(to)}`);
  }
}

test('recorded: to integers', () => {
  check(INT, [
    [9007199254740993n, BIGINT, 1],
    [-9223372036854775808n, BIGINT, 0],
    [9223372036854775807n, BIGINT, -1],
    [1e10, DOUBLE, 2147483647],
    [-2.5, DOUBLE, -2],
    [Number.NaN, DOUBLE, 0],
    [-255, decimal(10, 2), -2],
    [' 12 ', STRING, 12],
    ['12.7', STRING, 12],
    ['.5', STRING, 0],
    ['1e3', STRING, null],
    ['-', STRING, null],
    ['99999999999', STRING, null],
    [true, BOOLEAN, 1],
  ]);
  check(SMALLINT, [[2147483647, INT, -1]]);
  check(TINYINT, [['300', STRING, null]]);
  check(BIGINT, [
    [1e20, DOUBLE, 9223372036854775807n],
    ['9223372036854775807', STRING, 9223372036854775807n],
    ['9223372036854775808', STRING, null],
  ]);
});

test('recorded: to DOUBLE, DECIMAL, BOOLEAN', () => {
  check(DOUBLE, [
    [9007199254740993n, BIGINT, 9007199254740992],
    ['1e3', STRING, 1000],
    ['1d', STRING, 1],
    ['NaN', STRING, Number.NaN],
    ['', STRING, null],
    [-1255, decimal(10, 2), -12.55],
    [Math.fround(1.1), FLOAT, 1.100000023841858],
  ]);
  check(decimal(5, 2), [
    ['12.345', STRING, 1235],
    [2.345, DOUBLE, 235],
    [1000000, INT, null],
  ]);
  check(decimal(6, 1), [['1e3', STRING, 10000]]);
  check(BOOLEAN, [
    ['T', STRING, true],
    [' true', STRING, null],
    [0, INT, false],
    [0n, decimal(20, 2), false],
  ]);
  assert.throws(() => cast('99999', STRING, decimal(3, 0)), /cannot cast '99999' to DECIMAL\(3, 0\)/);
  assert.equal(cast(99999, INT, decimal(3, 0)), null);
});

test('recorded: to text', () => {
  const ints: DataType = { kind: 'array', element: INT, nullable: true };
  check(STRING, [
    [true, BOOLEAN, 'TRUE'],
    [1, DOUBLE, '1.0'],
    [1e21, DOUBLE, '1.0E21'],
    [1e-5, DOUBLE, '1.0E-5'],
    [Math.fround(1.1), FLOAT, '1.1'],
    [-1, decimal(8, 3), '-0.001'],
    [36_672_000, TIME, '10:11:12'],
    [1709632800120, timestamp(3), '2024-03-05 10:00:00.120'],
    [1709632800123456000n, timestamp(6), '2024-03-05 10:00:00.123456'],
    [-62_135_596_800_000, timestamp(0), '0001-01-01 00:00:00'],
    [86_400_000, INTERVAL_DAY_TIME, '+1 00:00:00.000'],
    [[3, null], ints, '[3, NULL]'],
    [Buffer.from('AB'), BYTES, 'AB'],
  ]);
  check({ kind: 'char', length: 4, nullable: true }, [
    ['hi', STRING, 'hi  '],
    ['hello', STRING, 'hell'],
  ]);
  check({ kind: 'varchar', length: 2, nullable: true }, [['😀äx', STRING, '😀ä']]);
  assert.equal(cast(1710052200250, timestampLtz(3), STRING, 'fail', 'America/New_York'), '2024-03-10 01:30:00.250');
});

test('recorded: to dates and times', () => {
  const day = 19787;
  check(DATE, [
    ['2024-03-05', STRING, day],
    ['2024-3-5', STRING, day],
    ['2024-03-05 10:11:12', STRING, day],
    ['2024-02-30', STRING, null],
    ['2024-03-05T10:11:12', STRING, null],
    ['2024', STRING, 19723],
    [-1, timestamp(3), -1],
  ]);
  check(TIME, [
    ['10:11:12', STRING, 36_672_000],
    ['10:11', STRING, 36_660_000],
    ['2024-03-05', STRING, null],
    ['10:61:00', STRING, null],
  ]);
  check(timestamp(3), [
    ['2024-03-05', STRING, day * 86_400_000],
    ['2024-02-30', STRING, 1709164800000],
    ['2024-03-05 10:11', STRING, null],
    [' 2024-03-05', STRING, null],
    ['2024-03-05 24:00:00', STRING, (day + 1) * 86_400_000],
    ['2024-03-05 10:11:12.345678', STRING, 1709633472345],
    [1709633472345678000n, timestamp(6), 1709633472345],
  ]);
  check(timestamp(6), [[1709633472345, timestamp(3), 1709633472345000000n]]);
  check(timestamp(0), [[-1, timestamp(3), -1000]]);
});

test('which casts exist', () => {
  assert.equal(canCast(INT, BIGINT), 'implicit');
  assert.equal(canCast(BIGINT, INT), 'explicit');
  assert.equal(canCast(INT, timestamp(3)), 'no');
  assert.equal(canCast(STRING, DATE), 'explicit');
  assert.equal(canCast(DATE, INT), 'no');
});
