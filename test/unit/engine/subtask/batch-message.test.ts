import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch, type WatermarkMarks } from '../../../../src/batch/batch.ts';
import { BooleanVector, ConstantVector, LongVector, NumberVector, ObjectVector } from '../../../../src/batch/vector.ts';
import { batchMessage, batchOf, buffersOf, marksBetween } from '../../../../src/engine/subtask/batch-message.ts';

const BIG = 2n ** 60n;

test('rows of all kinds of vectors are the same after a transfer to another thread', () => {
  const nulls = Uint8Array.of(0, 1, 0, 0);
  const columns = [
    new NumberVector(Float64Array.of(1, 2, Number.NaN, -0)),
    new NumberVector(Float64Array.of(1, 2, 3, 4), nulls),
    new LongVector(BigInt64Array.of(BIG, 1n, -BIG, 7n), nulls),
    new BooleanVector(Uint8Array.of(1, 0, 0, 1), nulls),
    new ObjectVector(['a', null, 'ünïcode 設備', '']),
    new ObjectVector([null, null, null, null]),
    new ConstantVector('same'),
    new ConstantVector(null),
    new ConstantVector(true),
    new ConstantVector(5),
    new ConstantVector(BIG),
  ];
  const batch = new Batch(4, columns);
  const rows = Int32Array.of(0, 1, 3);
  const message = batchMessage(batch, rows, 3, null);
  const moved = batchOf(structuredClone(message, { transfer: buffersOf(message) }));
  for (const [c, column] of columns.entries()) {
    assert.deepEqual(
      [0, 1, 2].map((row) => moved.columns[c]!.get(row)),
      [...rows].map((row) => column.get(row)),
      `column ${c}`,
    );
  }
  const bytes = batchOf(batchMessage(moved, Int32Array.of(0, 2), 2, new Set([4])));
  assert.deepEqual([bytes.columns[4]!.get(0), bytes.columns[4]!.get(1)], ['a', '']);
  assert.equal(bytes.columns[0]!.get(0), null);
});

/** The watermark before a row, and after the last one. */
function watermarksAt(marks: WatermarkMarks | null, places: readonly number[]): number[] {
  return places.map((place) => {
    let watermark = Number.NEGATIVE_INFINITY;
    for (let mark = 0; mark < (marks?.count ?? 0); mark++) {
      if (marks!.positions[mark]! <= place) watermark = marks!.values[mark]!;
    }
    return watermark;
  });
}

test('each row has the same watermark before it, and the last watermark is the same', () => {
  const size = 12;
  const subset = fc.subarray(Array.from({ length: size }, (_, row) => row));
  const places = fc.array(fc.integer({ min: 0, max: size }), { maxLength: 10 });
  fc.assert(
    fc.property(subset, places, (chosen, unordered) => {
      const positions = unordered.toSorted((a, b) => a - b);
      const marks = {
        count: positions.length,
        positions: Int32Array.from(positions),
        values: Float64Array.from(positions.keys()),
      };
      const rows = Int32Array.from(chosen);
      const wanted = watermarksAt(marks, [...chosen, size]);
      assert.deepEqual(watermarksAt(marksBetween(marks, rows, rows.length, false), [...chosen, size]), wanted);
      const renumbered = marksBetween(marks, rows, rows.length, true);
      assert.deepEqual(watermarksAt(renumbered, [...chosen.keys(), chosen.length]), wanted);
      assert.ok(renumbered!.count <= chosen.length + 1);
    }),
  );
});
