/**
 * Compares the exact parser with a reviver of JSON.parse that receives the source of each number.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { JsonNumber, parseJsonExactly } from '../../src/core/exact-json.ts';

type SourceReviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

const keepDigits: SourceReviver = (_key, value, { source }) =>
  typeof value === 'number' && source !== undefined && String(value) !== source ? new JsonNumber(source) : value;

/** The document, or the message of the error. */
function parsed(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return (error as Error).message;
  }
}

const reference = (text: string): unknown => JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(22)).map(([digits, places]) => {
    const text = String(digits);
    return places === 0 || places >= text.length ? text : `${text.slice(0, -places)}.${text.slice(-places)}`;
  }),
  fc.constantFrom(
    '0',
    '-0',
    '-0.0',
    '0.0000001',
    '0.000001',
    '1e3',
    '1E+21',
    '637.00',
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '5e-324',
  ),
);
const text = fc.oneof(
  fc.string({ maxLength: 6 }).map((s) => JSON.stringify(s)),
  fc.constantFrom(
    '"1.50"',
    '"\\u0000"',
    '"\\u00001.50"',
    '"\\\\"',
    '"2026-01-01 00:00:00.000"',
    '"\\"1.0"',
    '"\u0000"',
  ),
);
const { document } = fc.letrec<{ document: string }>((tie) => ({
  document: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    number,
    text,
    fc.constantFrom('null', 'true', 'nul'),
    fc.array(tie('document'), { maxLength: 4 }).map((items) => `[${items.join(' , ')}]`),
    fc
      .array(fc.tuple(fc.oneof({ weight: 9, arbitrary: text }, number, fc.constant('"__proto__"')), tie('document')), {
        maxLength: 4,
      })
      .map((members) => `{${members.map(([key, value]) => `${key} :${value}`).join(',')}}`),
  ),
}));

/**
 * V8 13.6 gives a reviver the first value of a doubled key that is written with an escape:
 * `{"\\u0000":1,"\\u0000":2}` is 1 with a reviver, 2 without.
 */
function reviverLosesValue(json: string): boolean {
  const plain = parsed((text) => JSON.parse(text), json);
  return !isDeepStrictEqual(
    plain,
    parsed((text) => JSON.parse(text, (_key, value) => value), json),
  );
}

it('keeps the last value of a doubled key that is written with an escape', () => {
  assert.deepEqual(parseJsonExactly('{"\\u0000":1,"\\u0000":2}'), { '\u0000': 2 });
});

it('gives the same document or error as a reviver', () => {
  fc.assert(
    fc.property(document, fc.constantFrom('', '', '', ']', ' 1.50', '"'), (start, tail) => {
      const json = start + tail;
      fc.pre(!reviverLosesValue(json));
      assert.deepEqual(parsed(parseJsonExactly, json), parsed(reference, json));
    }),
    { numRuns: 5000 },
  );
});
