import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesOf, withTwins } from './cep/match-case.ts';
import { recordedCases } from './cep/recorded-case.ts';

/**
 * Compares every match with Flink's CEP engine: its bindings, the event that triggered it, and the
 * order of emission.
 */

const failed: string[] = [];
for (const recorded of recordedCases) {
  test(recorded.case, () => {
    failed.push(recorded.case);
    assert.deepEqual(withTwins(recorded, matchesOf(recorded)), recorded.matches);
    failed.pop();
  });
}
test('all recorded cases pass', (context) => {
  context.diagnostic(`${recordedCases.length - failed.length} of ${recordedCases.length} recorded CEP cases`);
  assert.equal(recordedCases.length, 223);
  assert.deepEqual(failed, []);
});

