import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from '../../../../src/batch/batch.ts';
import { BytesVector } from '../../../../src/batch/vector.ts';
import { STRING } from '../../../../src/core/data-type.ts';
import { BytesKeyIndex } from '../../../../src/engine/state/bytes-key-index.ts';

test('a key that is long compared with the arena does not truncate other keys in a compaction', () => {
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

/** A text column with these values. */
function textBatch(texts: readonly string[]): Batch {
  const bytes = texts.map((text) => Buffer.from(text));
  const starts = Int32Array.from(bytes, (_, i) => bytes.slice(0, i).reduce((sum, b) => sum + b.length, 0));
  const ends = Int32Array.from(starts, (start, i) => start + bytes[i]!.length);
  return new Batch(texts.length, [new BytesVector(Buffer.concat(bytes), starts, ends, null)]);
}

test('texts of any length and bytes keep their slots through growth and removal', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u0001', 'ü'), maxLength: 18 });
  fc.assert(
    fc.property(
      fc.array(fc.array(text, { maxLength: 40 }), { maxLength: 6 }),
      fc.infiniteStream(fc.boolean()),
      (lists, removed) => {
        const index = new BytesKeyIndex([STRING], 4);
        const known = new Map<string, number>();
        let capacity = 4;
        let next = 0;
        const allocate = (): number => {
          if (next === capacity) {
            capacity *= 2;
            index.grow(capacity);
          }
          return next++;
        };
        for (const list of lists) {
          const slots = new Int32Array(list.length);
          index.lookup(textBatch(list), [0], null, list.length, slots, allocate, null);
          for (const [i, key] of list.entries()) {
            assert.equal(slots[i], known.get(key) ?? slots[i]);
            known.set(key, slots[i]!);
            assert.deepEqual(index.keyOf(slots[i]!), [key]);
          }
          assert.equal(new Set(known.values()).size, known.size, 'each key has its own slot');
          for (const [key, slot] of known) {
            if (!removed.next().value) continue;
            index.delete(slot);
            known.delete(key);
          }
        }
      },
    ),
  );
});
