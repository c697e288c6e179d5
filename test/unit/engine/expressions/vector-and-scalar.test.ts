import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from '../../../../src/batch/batch.ts';
import { BytesVector, narrowLong, type Vector, VectorBuilder } from '../../../../src/batch/vector.ts';
import {
  BIGINT,
  BOOLEAN,
  type DataType,
  DOUBLE,
  decimal,
  FLOAT,
  INT,
  SMALLINT,
  STRING,
} from '../../../../src/core/data-type.ts';
import { compilePredicate } from '../../../../src/engine/expressions/compile-predicate.ts';
import { compileScalar } from '../../../../src/engine/expressions/compile-scalar.ts';
import { compileVector } from '../../../../src/engine/expressions/compile-vector.ts';
import { findFunction } from '../../../../src/functions/registry.ts';
import type { Expression, LiteralJson } from '../../../../src/plan/expression.ts';
import { environment } from '../../../support/call-function.ts';

/**
 * Compares the three ways to evaluate an expression, for every vector form, with NULLs, over any
 * selection.
 */

const column = (index: number, type: DataType): Expression => ({ kind: 'column', index, type });

function callOf(name: string, args: readonly Expression[]): Expression {
  const resolution = findFunction(name)!.resolve(
    args.map((arg) => ({ type: arg.type })),
    environment(),
  );
  assert.ok('result' in resolution, `${name} resolves`);
  const cast = args.map(
    (arg, i): Expression =>
      JSON.stringify(arg.type) === JSON.stringify(resolution.args[i])
        ? arg
        : { kind: 'cast', input: arg, onError: 'fail', type: resolution.args[i]! },
  );
  return { kind: 'call', function: name, args: cast, type: resolution.result };
}

const longs = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 20 }) },
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(narrowLong),
);
const KINDS: readonly {
  readonly type: DataType;
  readonly values: fc.Arbitrary<unknown>;
  readonly json: (v: never) => LiteralJson;
}[] = [
  { type: INT, values: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), json: (v) => v },
  { type: SMALLINT, values: fc.integer({ min: -32768, max: 32767 }), json: (v) => v },
  { type: BIGINT, values: longs, json: (v: number | bigint) => v.toString() },
  { type: BIGINT, values: fc.integer({ min: -50, max: 50 }), json: (v: number) => v.toString() },
  {
    type: DOUBLE,
    values: fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(0, 1, -1)),
    json: (v: number) => (Number.isFinite(v) && !Object.is(v, -0) ? v : 1),
  },
  {
    type: FLOAT,
    values: fc.float({ noNaN: true, noDefaultInfinity: true }),
    json: (v: number) => (Object.is(v, -0) ? 1 : v),
  },
  {
    type: decimal(9, 2),
    values: fc.integer({ min: -999_999_999, max: 999_999_999 }),
    json: (v: number) => (v / 100).toFixed(2),
  },
  { type: STRING, values: fc.constantFrom('', 'a', 'ab', 'b', 'ä', '😀', '\uffee'), json: (v) => v },
];
const OPERATORS = [
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'IS DISTINCT FROM',
  'IS NOT DISTINCT FROM',
  '+',
  '-',
  '*',
  '/',
  '%',
];

function textVector(values: readonly (string | null)[]): Vector {
  const starts = new Int32Array(values.length);
  const ends = new Int32Array(values.length);
  let text = '#';
  const nulls = Uint8Array.from(values, (value) => (value === null ? 1 : 0));
  for (const [i, value] of values.entries()) {
    starts[i] = Buffer.byteLength(text);
    text += value ?? '';
    ends[i] = Buffer.byteLength(text);
  }
  return new BytesVector(Buffer.from(text), starts, ends, nulls);
}

function vectorOf(type: DataType, values: readonly unknown[], bytes: boolean): Vector {
  if (bytes && type.kind === 'varchar') return textVector(values as (string | null)[]);
  const builder = new VectorBuilder(type, values.length);
  for (const [i, value] of values.entries()) builder.set(i, value);
  return builder.finish();
}

function run<T>(evaluate: () => T): T | string {
  try {
    return evaluate();
  } catch (error) {
    return (error as Error).message;
  }
}

const sameValue = (a: unknown, b: unknown): boolean => Object.is(a, b) || (a === 0 && b === 0);

function compare(expression: Expression, batch: Batch, rows: Int32Array | null): void {
  const count = rows === null ? batch.size : rows.length;
  const positions = rows === null ? Array.from({ length: count }, (_, i) => i) : [...rows];
  const scalar = compileScalar<number>(expression, (row, index) => batch.columns[index]!.get(row), environment());
  const vector = compileVector(expression, environment());
  const byRow = run(() => positions.map((row) => scalar(row)));
  const byColumn = run(() => {
    const result = vector(batch, { rows, count });
    return positions.map((row) => result.get(row));
  });
  if (typeof byRow === 'string' || typeof byColumn === 'string') assert.equal(byColumn, byRow);
  else
    for (const [k, value] of byRow.entries())
      assert.ok(sameValue(value, byColumn[k]), `${String(byColumn[k])} <> ${String(value)}`);
  if (expression.type.kind !== 'boolean' || typeof byRow === 'string') return;
  for (const wanted of [expression, { kind: 'not', args: [expression], type: BOOLEAN } as Expression]) {
    const selected = compilePredicate(wanted, environment())(batch, { rows, count });
    const expected: readonly number[] = positions.filter((_, k) => byRow[k] === (wanted === expression));
    const actual = selected.rows === null ? positions : [...selected.rows.subarray(0, selected.count)];
    assert.deepEqual(actual, expected);
  }
}

const table = fc.constantFrom(...KINDS).chain((kind) =>
  fc.record({
    kind: fc.constant(kind),
    bytes: fc.boolean(),
    rows: fc.array(fc.tuple(fc.option(kind.values, { freq: 5 }), fc.option(kind.values, { freq: 5 })), {
      minLength: 1,
      maxLength: 12,
    }),
    constant: kind.values,
    keep: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
  }),
);

test('operators: by row, by column and as a predicate', () => {
  fc.assert(
    fc.property(
      table,
      fc.constantFrom(...OPERATORS),
      fc.constantFrom('column', 'left', 'right'),
      (data, name, shape) => {
        const { type } = data.kind;
        fc.pre(type.kind !== 'varchar' || !'+-*/%'.includes(name));
        fc.pre(name !== '%' || (type.kind !== 'double' && type.kind !== 'float'));
        const columns = [0, 1].map((c) =>
          vectorOf(
            type,
            data.rows.map((row) => row[c]),
            data.bytes,
          ),
        );
        const batch = new Batch(data.rows.length, columns);
        const literal: Expression = { kind: 'literal', value: data.kind.json(data.constant as never), type };
        const a = column(0, type);
        const expression =
          shape === 'column'
            ? callOf(name, [a, column(1, type)])
            : shape === 'left'
              ? callOf(name, [literal, a])
              : callOf(name, [a, literal]);
        const some = Int32Array.from(data.rows.keys()).filter((i) => data.keep[i]);
        compare(expression, batch, null);
        compare(expression, batch, some);
      },
    ),
    { numRuns: 4000 },
  );
});

test('AND, OR, NOT, CASE, IS NULL: by row, by column and as a predicate', () => {
  const condition = fc.letrec<{ any: Expression }>((tie) => ({
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Expression>(
        column(0, BOOLEAN),
        column(1, BOOLEAN),
        callOf('>', [column(2, INT), { kind: 'literal', value: 0, type: INT }]),
      ),
      fc
        .tuple(fc.constantFrom('and', 'or'), fc.array(tie('any'), { minLength: 2, maxLength: 3 }))
        .map(([kind, args]): Expression => ({ kind: kind as 'and', args, type: BOOLEAN })),
      tie('any').map((arg): Expression => ({ kind: 'not', args: [arg], type: BOOLEAN })),
      tie('any').map((arg) => callOf('IS NULL', [arg])),
      fc.tuple(tie('any'), tie('any'), tie('any')).map(
        ([when, then, otherwise]): Expression => ({
          kind: 'case',
          branches: [{ when, then }],
          otherwise,
          type: BOOLEAN,
        }),
      ),
    ),
  })).any;
  const row = fc.tuple(fc.option(fc.boolean()), fc.option(fc.boolean()), fc.option(fc.integer({ min: -2, max: 2 })));
  fc.assert(
    fc.property(condition, fc.array(row, { minLength: 1, maxLength: 10 }), (expression, rows) => {
      const types = [BOOLEAN, BOOLEAN, INT];
      const columns = types.map((type, c) =>
        vectorOf(
          type,
          rows.map((values) => values[c]),
          false,
        ),
      );
      compare(expression, new Batch(rows.length, columns), null);
    }),
    { numRuns: 1500 },
  );
});

test('a branch is evaluated only for the rows that take it', () => {
  const divide = callOf('/', [{ kind: 'literal', value: 10, type: INT }, column(0, INT)]);
  const guarded: Expression = {
    kind: 'case',
    branches: [
      {
        when: callOf('=', [column(0, INT), { kind: 'literal', value: 0, type: INT }]),
        then: { kind: 'literal', value: -1, type: INT },
      },
    ],
    otherwise: divide,
    type: INT,
  };
  const batch = new Batch(3, [vectorOf(INT, [0, 5, 2], false)]);
  const result = compileVector(guarded, environment())(batch, { rows: null, count: 3 });
  assert.deepEqual(
    [0, 1, 2].map((i) => result.get(i)),
    [-1, 2, 5],
  );
  const both: Expression = {
    kind: 'and',
    args: [
      callOf('<>', [column(0, INT), { kind: 'literal', value: 0, type: INT }]),
      callOf('>', [divide, { kind: 'literal', value: 2, type: INT }]),
    ],
    type: BOOLEAN,
  };
  const selected = compilePredicate(both, environment())(batch, { rows: null, count: 3 });
  assert.deepEqual([...selected.rows!.subarray(0, selected.count)], [2]);
});

test('a column is passed on without a copy', () => {
  const vector = vectorOf(BIGINT, [1, 2], false);
  const batch = new Batch(2, [vector]);
  assert.equal(compileVector(column(0, BIGINT), environment())(batch, { rows: null, count: 2 }), vector);
  const wider: Expression = { kind: 'cast', input: column(0, INT), onError: 'fail', type: BIGINT };
  assert.equal(compileVector(wider, environment())(batch, { rows: null, count: 2 }), vector);
});

test('a predicate keeps no state between batches', () => {
  const either: Expression = { kind: 'or', args: [column(0, BOOLEAN), column(1, BOOLEAN)], type: BOOLEAN };
  const predicate = compilePredicate(either, environment());
  const selectedOf = (a: readonly boolean[], b: readonly boolean[]) => {
    const batch = new Batch(a.length, [vectorOf(BOOLEAN, a, false), vectorOf(BOOLEAN, b, false)]);
    const { rows, count } = predicate(batch, { rows: null, count: a.length });
    return [...rows!.subarray(0, count)];
  };
  assert.deepEqual(selectedOf([true, false, false], [false, false, true]), [0, 2]);
  assert.deepEqual(selectedOf([false, true, false], [false, false, false]), [1]);
  assert.deepEqual(selectedOf([false], [false]), []);
});
