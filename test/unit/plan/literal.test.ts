import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BIGINT, BYTES, type DataType, DOUBLE, decimal, INT, STRING, timestamp } from '../../../src/core/data-type.ts';
import { decodeLiteral, encodeLiteral } from '../../../src/plan/literal.ts';

const long = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .map((value) => (Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value ? Number(value) : value));

const cases: readonly (readonly [DataType, fc.Arbitrary<unknown>])[] = [
  [INT, fc.integer()],
  [BIGINT, long],
  [DOUBLE, fc.double()],
  [STRING, fc.string()],
  [BYTES, fc.uint8Array()],
  [decimal(10, 3), fc.integer().map((value) => value || 0)],
  [decimal(38, 10), fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n })],
  [timestamp(3), fc.integer()],
  [timestamp(9), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })],
  [{ kind: 'array', element: BIGINT, nullable: true }, fc.array(fc.option(long))],
  [
    {
      kind: 'row',
      fields: [
        { name: 'a', type: BIGINT },
        { name: 'b', type: STRING },
      ],
      nullable: true,
    },
    fc.tuple(long, fc.string()),
  ],
  [
    { kind: 'map', key: STRING, value: decimal(38, 2), nullable: true },
    fc
      .uniqueArray(fc.tuple(fc.string(), fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n })), {
        selector: ([key]) => key,
      })
      .map((entries) => new Map(entries)),
  ],
];

describe('literals', () => {
  for (const [type, values] of cases) {
    it(`${type.kind} survives JSON`, () => {
      fc.assert(
        fc.property(fc.option(values), (value) => {
          const json = JSON.parse(JSON.stringify(encodeLiteral(value, type)));
          assert.deepEqual(decodeLiteral(json, type), value);
        }),
      );
    });
  }

  it('writes decimals with all digits of their scale', () => {
    assert.equal(encodeLiteral(-5, decimal(5, 2)), '-0.05');
    assert.equal(encodeLiteral(150, decimal(5, 2)), '1.50');
    assert.equal(decodeLiteral('1.5', decimal(5, 2)), 150);
  });
});
