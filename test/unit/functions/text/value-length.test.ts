import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BYTES, STRING } from '../../../../src/core/data-type.ts';
import { explainTooLarge, VALUE_LENGTH_MAX } from '../../../../src/core/value-size.ts';
import { listagg } from '../../../../src/functions/aggregates/listagg.ts';
import { castScalar } from '../../../../src/functions/cast/cast.ts';
import { call, environment, typed } from '../../../support/call-function.ts';

const tooLarge = (name: string, make: () => unknown): void => {
  assert.throws(make, (error: { code?: string; message?: string }) => {
    assert.equal(error.code, 'EXPRESSION_TOO_LARGE', `${name}: ${error.message}`);
    assert.ok(error.message!.startsWith(`${name}: `), error.message);
    return true;
  });
};

/** The texts of a test share their memory: one character of long.length is a rope. */
const long = 'x'.repeat(60_000_000);
const half = long.slice(0, 30_000_000);
const thousand = 'y'.repeat(1_000);

test('each function that makes a longer text refuses one beyond the limit, by its name', () => {
  const cases: readonly (readonly [name: string, args: readonly unknown[]])[] = [
    ['REPLACE', ['x'.repeat(600_000), 'x', thousand]],
    ['REPLACE', ['x'.repeat(600_000), '', thousand]],
    ['REGEXP_REPLACE', ['x'.repeat(600_000), 'x', thousand]],
    ['REPEAT', [thousand, 1_000_000]],
    ['REPEAT', [thousand, 2_147_483_647]],
    ['LPAD', ['', 2_147_483_647, 'x']],
    ['RPAD', ['', 2_147_483_647, 'x']],
    ['||', [long, long]],
    ['||', [typed(BYTES, Buffer.alloc(60_000_000)), typed(BYTES, Buffer.alloc(60_000_000))]],
    ['CONCAT', [...Array.from({ length: 12 }, () => long)]],
    ['CONCAT_WS', [long, 'a', 'b', 'c']],
    ['OVERLAY', [long, long, 60_000_000]],
    ['HEX', [long]],
    ['URL_ENCODE', ['ä'.repeat(20_000_000)]],
  ];
  for (const [name, args] of cases) {
    const values = args.map((arg) => (typeof arg === 'string' ? typed(STRING, arg) : arg));
    tooLarge(name, () => call(name, values));
  }
});

test('a value at the limit is made', () => {
  assert.equal(
    (call('REPEAT', [typed(STRING, 'x'.repeat(1_000)), VALUE_LENGTH_MAX / 1_000]) as string).length,
    VALUE_LENGTH_MAX,
  );
  assert.equal((call('||', [typed(STRING, long), typed(STRING, half)]) as string).length, 90_000_000);
});

test('a cast to a long CHAR is refused', () => {
  const cast = castScalar(STRING, { kind: 'char', length: 2_147_483_647, nullable: true }, 'fail', environment());
  tooLarge('CAST', () => cast('a'));
});

test('LISTAGG is refused before the text is made', () => {
  const aggregator = listagg.create([STRING], STRING, false);
  const cells = { columns: [[[long, long]], [null]], readLong: () => 0, writeLong: () => {} };
  tooLarge('LISTAGG', () => aggregator.value(cells, 0, 0));
});

test('only errors about size are explained as such', () => {
  const errorOf = (make: () => unknown): unknown => {
    try {
      make();
    } catch (error) {
      return error;
    }
    return null;
  };
  const code = (error: unknown): string | undefined => (explainTooLarge(error, 'F') as { code?: string }).code;
  assert.equal(code(errorOf(() => 'x'.repeat(2 ** 30))), 'EXPRESSION_TOO_LARGE');
  assert.equal(code(errorOf(() => new Array(-1))), 'EXPRESSION_TOO_LARGE');
  assert.equal(code(errorOf(() => new Uint8Array(2 ** 53))), 'EXPRESSION_TOO_LARGE');
  assert.equal(code(errorOf(() => BigInt(1.5))), undefined);
  const deep = (): unknown => deep();
  assert.equal(code(errorOf(deep)), undefined);
});
