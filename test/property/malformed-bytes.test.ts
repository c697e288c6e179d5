/**
 * Law: malformed UTF-8 in a text becomes U+FFFD. The result does not depend on the reader, on the
 * batch size, or on whether the text has been the key of a state.
 */
import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { compareBytes, randomLine } from '../fuzz/malformed-bytes.ts';

const line = fc.uint8Array({ minLength: 1, maxLength: 24 });

for (const format of ['json', 'csv'] as const) {
  it(`${format}: random bytes give the same rows on all paths`, () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(line, fc.boolean()), { minLength: 1, maxLength: 30 }), (parts) => {
        const lines = parts.map(([bytes, otherForm]) => randomLine(format, Buffer.from(bytes), otherForm));
        assert.equal(compareBytes(format, lines), null);
      }),
    );
  });
}
