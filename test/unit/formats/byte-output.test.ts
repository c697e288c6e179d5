import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ByteOutput } from '../../../src/formats/byte-output.ts';
import { doubleText } from '../../../src/functions/number-text.ts';

const written = (out: ByteOutput): string => out.buffer.toString('utf8', 0, out.position);

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

test('a double with few decimals is written as any other double', () => {
  const cents = fc.integer({ min: -1_100_000_000, max: 1_100_000_000 }).map((n) => n / 100);
  const near = fc
    .tuple(cents, fc.constantFrom(-1, 0, 1))
    .map(([value, by]) => value + (by * Math.abs(value)) / 2 ** 52);
  const edges = fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, 1e7, 9_999_999.99, 0.01, 0.001, 1e-300, 1e300);
  let short = 0;
  fc.assert(
    fc.property(fc.oneof(cents, near, fc.double(), edges), (value) => {
      const out = new ByteOutput(16);
      if (!out.shortDouble(value)) assert.equal(out.position, 0);
      else {
        short++;
        assert.equal(written(out), doubleText(value));
      }
    }),
    { numRuns: 5000 },
  );
  assert.ok(short > 1000);
});

test('a text is written as JSON.stringify writes it', () => {
  const special = fc.array(fc.constantFrom('a', '~', '\x7f', '"', '\\', '\n', '\u0000', 'é', '€', '😀', '\ud800'), {
    maxLength: 80,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ maxLength: 80 }),
        special.map((parts) => parts.join('')),
      ),
      (text) => {
        const out = new ByteOutput(1);
        out.jsonText(text);
        assert.equal(written(out), JSON.stringify(text));
      },
    ),
    { numRuns: 5000 },
  );
});
