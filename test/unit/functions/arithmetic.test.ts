import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { narrowLong } from '../../../src/batch/vector.ts';
import {
  BIGINT,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  SMALLINT,
  TINYINT,
  typeName,
} from '../../../src/core/data-type.ts';
import { findFunction } from '../../../src/functions/registry.ts';
import { call, checkRecorded, environment, typed } from '../../support/call-function.ts';

const long = (value: bigint) => typed(BIGINT, narrowLong(value));

test('recorded: integers wrap, division truncates, the rest has the sign of the dividend', () => {
  checkRecorded([
    ['+', [2147483647, 1], -2147483648],
    ['*', [2147483647, 2], -2],
    ['+', [long(9223372036854775807n), long(1n)], -9223372036854775808n],
    ['*', [long(-9223372036854775808n), long(2n)], 0],
    ['NEGATE', [long(-9223372036854775808n)], -9223372036854775808n],
    ['NEGATE', [long(-9007199254740993n)], 9007199254740993n],
    ['+', [typed(SMALLINT, 32767), typed(SMALLINT, 32767)], -2],
    ['+', [typed(TINYINT, 127), typed(TINYINT, 1)], -128],
    ['/', [-7, 2], -3],
    ['%', [-7, 2], -1],
    ['/', [typed(DOUBLE, 1), typed(DOUBLE, 0)], Number.POSITIVE_INFINITY],
    ['+', [typed(FLOAT, Math.fround(1.1)), 7], Math.fround(Math.fround(1.1) + 7)],
  ]);
  assert.throws(() => call('/', [7, 0]), /division by zero/);
  assert.throws(() => call('MOD', [long(1n), long(0n)]), /division by zero/);
});

test('recorded: types of results', () => {
  const resultOf = (name: string, ...types: DataType[]) => {
    const resolution = findFunction(name)!.resolve(
      types.map((type) => ({ type })),
      environment(),
    );
    return 'mismatch' in resolution ? resolution.mismatch : typeName(resolution.result);
  };
  assert.equal(resultOf('*', decimal(10, 2), decimal(5, 3)), 'DECIMAL(16, 5)');
  assert.equal(resultOf('/', decimal(10, 2), decimal(10, 4)), 'DECIMAL(25, 13)');
  assert.equal(resultOf('+', decimal(38, 10), decimal(38, 10)), 'DECIMAL(38, 9)');
  assert.equal(resultOf('*', decimal(38, 10), INT), 'DECIMAL(38, 6)');
  assert.equal(resultOf('MOD', decimal(10, 2), INT), 'DECIMAL(10, 2)');
  assert.equal(resultOf('MOD', BIGINT, INT), 'INT');
  assert.equal(resultOf('+', SMALLINT, INT), 'INT');
  assert.equal(resultOf('+', FLOAT, decimal(10, 2)), 'DOUBLE');
  assert.match(resultOf('+', { kind: 'boolean', nullable: true }, INT), /cannot be applied to BOOLEAN and INT/);
  assert.match(resultOf('%', DOUBLE, INT), /exact numbers/);
});

const anyLong = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -10n, max: 10n }),
  fc.bigInt({ min: 2n ** 53n - 4n, max: 2n ** 53n + 4n }),
);

test('BIGINT is exact over its 64 bits', () => {
  const operators: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(operators)), anyLong, anyLong, (name, a, b) => {
      fc.pre(b !== 0n || !'/%'.includes(name));
      const expected = narrowLong(BigInt.asIntN(64, operators[name]!(a, b)));
      assert.ok(Object.is(call(name, [long(a), long(b)]), expected));
    }),
    { numRuns: 2000 },
  );
});

test('DECIMAL is exact, rounded half up, NULL when too wide', () => {
  const operand = fc
    .tuple(fc.integer({ min: 1, max: 38 }), fc.integer({ min: 0, max: 12 }))
    .map(([precision, scale]) => decimal(precision, Math.min(scale, precision)))
    .chain((type) => {
      const limit = 10n ** BigInt(type.precision) - 1n;
      return fc.bigInt({ min: -limit, max: limit }).map((unscaled) => ({ type, unscaled }));
    });
  const boxed = (type: DataType & { kind: 'decimal' }, unscaled: bigint) =>
    typed(type, type.precision <= 15 ? Number(unscaled) : unscaled);
  fc.assert(
    fc.property(fc.constantFrom('+', '-', '*', '/'), operand, operand, (name, a, b) => {
      fc.pre(name !== '/' || b.unscaled !== 0n);
      const resolution = findFunction(name)!.resolve([{ type: a.type }, { type: b.type }], environment());
      assert.ok('result' in resolution && resolution.result.kind === 'decimal');
      const { precision, scale } = resolution.result;
      const ten = (n: number) => 10n ** BigInt(n);
      // Computes the exact result as a fraction, then converts it to the result's scale.
      let top: bigint;
      let bottom: bigint;
      if (name === '*') [top, bottom] = [a.unscaled * b.unscaled, ten(a.type.scale + b.type.scale)];
      else if (name === '/') [top, bottom] = [a.unscaled * ten(b.type.scale), b.unscaled * ten(a.type.scale)];
      else {
        const right = b.unscaled * ten(a.type.scale);
        top = a.unscaled * ten(b.type.scale) + (name === '+' ? right : -right);
        bottom = ten(a.type.scale + b.type.scale);
      }
      top *= ten(scale);
      const size = (n: bigint) => (n < 0n ? -n : n);
      let rounded = size(top) / size(bottom);
      if ((size(top) % size(bottom)) * 2n >= size(bottom)) rounded++;
      if (top < 0n !== bottom < 0n) rounded = -rounded;
      const expected = size(rounded) >= ten(precision) ? null : precision <= 15 ? Number(rounded) : rounded;
      const actual = call(name, [boxed(a.type, a.unscaled), boxed(b.type, b.unscaled)]);
      assert.ok(Object.is(actual, expected), `${String(actual)} instead of ${String(expected)}`);
    }),
    { numRuns: 2000 },
  );
});

test('recorded: rounding', () => {
  checkRecorded([
    ['ROUND', [typed(DOUBLE, -2.5)], -3],
    ['ROUND', [typed(DOUBLE, 1.005), 2], 1.01],
    ['ROUND', [2147483647, -1], -2147483646],
    ['ROUND', [typed(decimal(10, 2), -255), 1], -26],
    ['TRUNCATE', [typed(DOUBLE, -2.75), 1], -2.7],
    ['FLOOR', [typed(decimal(10, 2), -255)], -3],
    ['CEIL', [typed(decimal(10, 2), -255)], -2],
    ['ABS', [-2147483648], -2147483648],
    ['SIGN', [typed(decimal(10, 2), -1255)], -100],
    ['GREATEST', [1, null], null],
    ['LOG', [2, 8], 3],
  ]);
});
