import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteOutput } from '../../../src/formats/byte-output.ts';

test('times are written in ISO form, without trailing zeros of the fraction', () => {
  const out = new ByteOutput();
  const years = { min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) };
  const time = fc.tuple(fc.integer(years), fc.constantFrom(1, 10, 100, 1000, 86_400_000));
  fc.assert(
    fc.property(time, ([any, unit]) => {
      const ms = Math.floor(any / unit) * unit;
      const [date, clock, fraction] = new Date(ms).toISOString().split(/[T.]|Z$/) as [string, string, string];
      const rest = fraction.replace(/0+$/, '');
      out.position = 0;
      out.timestamp(ms);
      assert.equal(out.buffer.toString('latin1', 0, out.position), `${date} ${clock}${rest === '' ? '' : `.${rest}`}`);
    }),
    { numRuns: 2000 },
  );
});
