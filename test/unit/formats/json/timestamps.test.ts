import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { timestamp, timestampLtz } from '../../../../src/core/data-type.ts';
import { JsonCursor } from '../../../../src/formats/json/json-cursor.ts';
import { STRICT_JSON } from '../../../../src/formats/json/json-options.ts';
import { jsonReader } from '../../../../src/formats/json/json-reader.ts';
import { readJsonValue } from '../../../../src/formats/json-value.ts';

const time = fc
  .tuple(
    fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31T23:59:59'), noInvalidDate: true }),
    fc.constantFrom(...' T'),
    fc.constantFrom('', '.', '.1', '.12', '.123', '.1234', '.12x', '.1x', '.x'),
    fc.constantFrom('', 'Z', 'ZZ', 'z', '+01:00', ' '),
  )
  .map(
    ([date, separator, fraction, zone]) => date.toISOString().slice(0, 19).replace('T', separator) + fraction + zone,
  );
const damaged = fc
  .tuple(time, fc.nat(24), fc.constantFrom(...'0123456789-: .Zx'))
  .map(([text, at, char]) => text.slice(0, at) + char + text.slice(at + 1));

const valueOrNull = (read: () => unknown): unknown => {
  try {
    return read();
  } catch {
    return null;
  }
};

it('reads timestamps from bytes as it reads them from text', () => {
  const readers = [timestamp(3), timestampLtz(3)].flatMap((type) =>
    [true, false].map((iso) => ({
      fromBytes: jsonReader(type, { ...STRICT_JSON, iso, hasDecimal: false }),
      fromText: readJsonValue(type, { iso }),
    })),
  );
  fc.assert(
    fc.property(fc.oneof(time, damaged), (text) => {
      for (const { fromBytes, fromText } of readers) {
        const cursor = new JsonCursor();
        const buffer = Buffer.from(`"${text}" "`);
        cursor.open(buffer, 0, text.length + 2);
        assert.equal(
          valueOrNull(() => fromBytes(cursor)),
          valueOrNull(() => fromText(text)),
        );
        // The bytes after the record do not belong to the text.
        cursor.open(buffer, 0, text.length + 1);
        assert.equal(
          valueOrNull(() => fromBytes(cursor)),
          null,
        );
      }
    }),
    { numRuns: 2000 },
  );
});
