/** Tests that state is in the key group of its key, so that a task can take a range of groups. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteReader, ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { KEY_GROUPS, keyGroupOf } from '../../../../src/engine/state/entry-key.ts';
import { GroupChunks, readTimer, writeTimer } from '../../../../src/engine/timers/timer-chunk.ts';

const KEYS = Array.from({ length: 500 }, (_, i) => Buffer.from(`key ${i}`));
const groupOf = (key: Buffer): number => keyGroupOf(key, 0, key.length);

test('the group of a key depends on the bytes of the key only', () => {
  for (const key of KEYS) {
    const inside = Buffer.concat([Buffer.from('before'), key, Buffer.from('after')]);
    assert.equal(keyGroupOf(inside, 6, 6 + key.length), groupOf(key));
  }
});

test('keys are in all groups, and the group of a key never changes', () => {
  assert.ok(KEYS.every((key) => groupOf(key) >= 0 && groupOf(key) < KEY_GROUPS));
  assert.ok(new Set(KEYS.map(groupOf)).size > KEY_GROUPS * 0.9);
  // These groups are stored in checkpoints.
  assert.deepEqual(KEYS.slice(0, 6).map(groupOf), [10, 121, 84, 67, 70, 53]);
});

test('timers are divided by the group of their key, and keep their order', () => {
  const chunk = new ByteWriter(256);
  KEYS.forEach((key, i) => {
    writeTimer(chunk, 1000 - i, i % 2 === 0 ? 'exact' : 'cleanup', i, key, 0, key.length);
  });
  const found = new Set<number>();
  new GroupChunks().split(new ByteReader(chunk.finish()), (group, bytes) => {
    const reader = new ByteReader(bytes);
    let last = -1;
    while (reader.position < reader.end) {
      const timer = readTimer(reader, () => true)!;
      const key = Buffer.from(timer.bytes.subarray(timer.from, timer.to));
      assert.equal(groupOf(key), group);
      assert.ok(timer.sequence > last);
      assert.equal(timer.time, 1000 - timer.sequence);
      assert.deepEqual(key, KEYS[timer.sequence]);
      last = timer.sequence;
      found.add(timer.sequence);
    }
  });
  assert.equal(found.size, KEYS.length);
});
