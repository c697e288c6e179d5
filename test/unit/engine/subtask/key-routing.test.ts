import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from '../../../../src/batch/batch.ts';
import { NumberVector, ObjectVector, type Vector } from '../../../../src/batch/vector.ts';
import { BIGINT, type DataType, STRING } from '../../../../src/core/data-type.ts';
import { ByteWriter } from '../../../../src/engine/state/byte-codec.ts';
import { KEY_GROUPS, keyGroupOf } from '../../../../src/engine/state/entry-key.ts';
import { keyPart } from '../../../../src/engine/state/key-codec.ts';
import { batchMessage, batchOf } from '../../../../src/engine/subtask/batch-message.ts';
import { keyGroupsOf } from '../../../../src/engine/subtask/key-groups.ts';
import { KeyRouting } from '../../../../src/engine/subtask/key-routing.ts';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\0', '\u0001', 'ü', '設'), maxLength: 18 });

function groupOf(types: readonly DataType[], key: readonly unknown[]): number {
  const writer = new ByteWriter(64);
  for (const [i, type] of types.entries()) keyPart(type).write(writer, key[i]);
  return keyGroupOf(writer.buffer, 0, writer.position);
}

/** Returns the subtask of each row; checks that the rows of a subtask ascend. */
function subtasksOf(routing: KeyRouting, batch: Batch): (number | undefined)[] {
  routing.route(batch);
  const found: (number | undefined)[] = new Array(batch.size).fill(undefined);
  for (const [subtask, rows] of routing.rows.entries()) {
    const own = [...rows.subarray(0, routing.counts[subtask])];
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    );
    for (const row of own) found[row] = subtask;
  }
  return found;
}

test('the ranges of the subtasks divide the key groups, for any number of subtasks', () => {
  for (let subtasks = 1; subtasks <= 64; subtasks++) {
    const ranges = keyGroupsOf(subtasks);
    assert.equal(ranges.length, subtasks);
    let next = 0;
    for (const { first, last } of ranges) {
      assert.equal(first, next);
      assert.ok(last >= first);
      next = last + 1;
    }
    assert.equal(next, KEY_GROUPS);
  }
});

test('a row goes to the subtask with the key group of its key', () => {
  const ranges = keyGroupsOf(3);
  const key = fc.tuple(fc.option(text), fc.option(fc.integer()));
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), fc.boolean(), (keys, isSelected) => {
      const columns: Vector[] = [
        new ObjectVector(keys.map(([t]) => t)),
        new NumberVector(
          Float64Array.from(keys, ([, n]) => n ?? 0),
          Uint8Array.from(keys, ([, n]) => Number(n === null)),
        ),
      ];
      const selection = isSelected ? Int32Array.from(keys.keys()).filter((row) => row % 2 === 1) : null;
      const batch = new Batch(keys.length, columns, null, selection);
      const types = [STRING, BIGINT];
      const found = subtasksOf(new KeyRouting(types, [0, 1], ranges), batch);
      for (const [row, each] of keys.entries()) {
        const group = groupOf(types, each);
        const wanted = ranges.findIndex(({ first, last }) => group >= first && group <= last);
        assert.equal(found[row], isSelected && row % 2 === 0 ? undefined : wanted);
      }
    }),
  );
});

test('a text column of bytes is routed like its encoded keys', () => {
  const ranges = keyGroupsOf(5);
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (texts) => {
      const strings = new Batch(texts.length, [new ObjectVector(texts)]);
      const rows = Int32Array.from(texts.keys());
      const bytes = batchOf(batchMessage(strings, rows, texts.length, null));
      assert.equal(bytes.columns[0]!.kind, 'bytes');
      assert.deepEqual(
        subtasksOf(new KeyRouting([STRING], [0], ranges), bytes),
        subtasksOf(new KeyRouting([STRING], [0], ranges), strings),
      );
    }),
  );
});
