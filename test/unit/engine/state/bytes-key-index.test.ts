import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STRING } from '../../../../src/core/data-type.ts';
import { BytesKeyIndex } from '../../../../src/engine/state/bytes-key-index.ts';

test('a key that is long against the arena does not cut off the others when keys move together', () => {
  for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') {
    const index = new BytesKeyIndex([STRING], 64);
    const kept = letter.repeat(400);
    index.slotOf([kept], () => 1);
    index.slotOf(['x'.repeat(600)], () => 2);
    index.delete(2);
    index.slotOf(['y'.repeat(900)], () => 3);
    assert.equal(index.keyOf(1)[0], kept);
    assert.equal(
      index.slotOf([kept], () => assert.fail('the key is lost')),
      1,
    );
    assert.equal(index.keyOf(3)[0], 'y'.repeat(900));
  }
});
