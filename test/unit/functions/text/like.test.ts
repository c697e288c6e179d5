import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { likeMatcher } from '../../../../src/functions/text/like.ts';

/** Matches by the definition of LIKE, without optimization. */
function naive(text: readonly string[], pattern: readonly string[]): boolean {
  const [token, ...rest] = pattern;
  if (token === undefined) return text.length === 0;
  if (token === '%') return text.some((_, i) => naive(text.slice(i), rest)) || naive([], rest);
  return text.length > 0 && (token === '_' || token === text[0]) && naive(text.slice(1), rest);
}

test('agrees with the definition', () => {
  const text = fc.array(fc.constantFrom('a', 'b', '😀'), { maxLength: 7 });
  const pattern = fc.array(fc.constantFrom('a', 'b', '😀', '%', '_'), { maxLength: 6 });
  fc.assert(
    fc.property(text, pattern, (chars, tokens) => {
      assert.equal(likeMatcher(tokens.join(''), null)(chars.join('')), naive(chars, tokens));
    }),
    { numRuns: 3000 },
  );
});

test('takes linear time where a backtracking matcher would not end', () => {
  const matches = likeMatcher(`${'%a_'.repeat(20)}b`, null);
  assert.equal(matches('a'.repeat(20_000)), false);
});
