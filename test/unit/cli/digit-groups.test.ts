import assert from 'node:assert/strict';
import { it } from 'node:test';
import { digitGroups } from '../../../src/cli/output/digit-groups.ts';

it('groups digits as the English locale does', () => {
  for (const value of [0, 7, 12, 999, 1000, 12_345, 123_456, 1_234_567, 2 ** 53 - 1, -1, -123, -1000, -123_456]) {
    assert.equal(digitGroups(value), value.toLocaleString('en-US'));
  }
});
