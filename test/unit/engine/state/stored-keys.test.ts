import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { StoredKeys } from '../../../../src/engine/state/stored-keys.ts';

test('stored keys are found after any additions and removals', () => {
  // There are few hashes, so many are equal and many are in the same run.
  const hash = fc.oneof(fc.integer({ min: -8, max: 8 }), fc.integer());
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), hash), { maxLength: 400 }), (steps) => {
      const stored = new StoredKeys();
      const model = new Map<number, number>();
      for (const [adds, hash] of steps) {
        const count = model.get(hash) ?? 0;
        if (adds) {
          stored.add(hash);
          model.set(hash, count + 1);
        } else if (count > 0) {
          stored.delete(hash);
          model.set(hash, count - 1);
        }
      }
      let sum = 0;
      for (const [hash, count] of model) {
        assert.equal(stored.has(hash), count > 0, `${hash}`);
        sum += count;
      }
      assert.equal(stored.size, sum);
    }),
  );
});

test('the table grows and releases memory', () => {
  const stored = new StoredKeys();
  const before = stored.bytes();
  for (let i = 0; i < 100_000; i++) stored.add(Math.imul(i, 0x9e3779b1));
  assert.ok(stored.bytes() > 100_000 * 4);
  for (let i = 0; i < 100_000; i++) assert.ok(stored.has(Math.imul(i, 0x9e3779b1)));
  for (let i = 0; i < 100_000; i++) stored.delete(Math.imul(i, 0x9e3779b1));
  assert.equal(stored.size, 0);
  assert.equal(stored.bytes(), before);
});
