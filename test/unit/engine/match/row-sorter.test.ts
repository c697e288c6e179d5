import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Batch } from '../../../../src/batch/batch.ts';
import { VectorBuilder } from '../../../../src/batch/vector.ts';
import { BIGINT, BOOLEAN, DOUBLE, type Field, INT, STRING, timestamp } from '../../../../src/core/data-type.ts';
import { RowSorter, type SortedRows } from '../../../../src/engine/match/row-sorter.ts';
import { CachedStateStore } from '../../../../src/engine/state/cached-state-store.ts';
import { MemoryBackend } from '../../../../src/engine/state/memory-backend.ts';

const FIELDS: readonly Field[] = [
  { name: 'n', type: INT },
  { name: 'big', type: BIGINT },
  { name: 'text', type: STRING },
  { name: 'flag', type: BOOLEAN },
  { name: 'ts', type: timestamp(3) },
  { name: 'rest', type: DOUBLE },
];
const TS = 4;

function newSorter(): RowSorter {
  const store = new CachedStateStore(new MemoryBackend(), 1 << 26);
  return new RowSorter(store, { operator: 1, table: 0 }, FIELDS, [0, 1, 2, 3, 4], [], []);
}

function batchOf(rows: readonly (readonly unknown[])[]): Batch {
  const columns = FIELDS.map(({ type }, c) => {
    const builder = new VectorBuilder(type, rows.length);
    for (const [i, row] of rows.entries()) builder.set(i, row[c]);
    return builder.finish();
  });
  return new Batch(rows.length, columns);
}

function valuesOf(sorted: SortedRows): unknown[][] {
  return Array.from({ length: sorted.count }, (_, k) => {
    const row = sorted.rows === null ? k : sorted.rows[k]!;
    return [0, 1, 2, 3, 4].map((column) => sorted.batch.columns[column]!.get(row));
  });
}

const NONE = new Int32Array(0);
const NO_TIMES = new Float64Array(0);

const anyRow = fc
  .tuple(
    fc.option(fc.integer({ min: -5, max: 5 })),
    fc.option(fc.constantFrom(0, -1, 2 ** 53 - 1, 2n ** 60n, -(2n ** 62n))),
    fc.option(fc.constantFrom('', 'ä', 'x')),
    fc.option(fc.boolean()),
    fc.integer({ min: -3000, max: 9000 }),
  )
  .map((row) => [...row, 1.5]);

test('rows are returned unchanged, by time and then by arrival, for any watermarks between them', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(anyRow, { maxLength: 12 }), { maxLength: 6 }),
      fc.integer({ min: 0, max: 4000 }),
      fc.boolean(),
      (batches, step, barriers) => {
        const sorter = newSorter();
        const got: unknown[][] = [];
        const expected: unknown[][] = [];
        let waiting: unknown[][] = [];
        let watermark = -3000;
        for (const rows of batches) {
          const batch = batchOf(rows);
          const direct: number[] = [];
          const held: number[] = [];
          for (const [i, row] of rows.entries()) {
            const time = row[TS] as number;
            // Rows that are already due are not stored in the table, as in the operator.
            if (time <= watermark + step) direct.push(i);
            else held.push(i);
          }
          sorter.hold(
            batch,
            Int32Array.from(held),
            Float64Array.from(held, (i) => rows[i]![TS] as number),
            held.length,
            step / 10,
          );
          if (barriers) sorter.flush();
          watermark += step;
          const times = Float64Array.from(direct, (i) => rows[i]![TS] as number);
          got.push(...valuesOf(sorter.release(watermark, batch, Int32Array.from(direct), times, direct.length)));
          // The waiting rows of this batch arrived before its direct rows are numbered. No waiting
          // row has the time of a direct row.
          waiting.push(...rows.map((row) => row.slice(0, 5)));
          const due = waiting.filter((row) => (row[TS] as number) <= watermark);
          expected.push(...due.toSorted((a, b) => (a[TS] as number) - (b[TS] as number)));
          waiting = waiting.filter((row) => (row[TS] as number) > watermark);
        }
        got.push(...valuesOf(sorter.release(Number.POSITIVE_INFINITY, batchOf([]), NONE, NO_TIMES, 0)));
        expected.push(...waiting.toSorted((a, b) => (a[TS] as number) - (b[TS] as number)));
        assert.deepEqual(got, expected);
      },
    ),
  );
});

test('a batch that is due at once and in order is passed on as it is', () => {
  const sorter = newSorter();
  const batch = batchOf([
    [1, 1, 'a', true, 10, 0],
    [2, 2, 'b', true, 20, 0],
  ]);
  const sorted = sorter.release(30, batch, Int32Array.of(0, 1), Float64Array.of(10, 20), 2);
  assert.equal(sorted.batch, batch);
});

for (const barrier of [false, true])
  test(`no row remains after the watermark has passed it${barrier ? ', after a barrier' : ''}`, async () => {
    const sorter = newSorter();
    const batch = batchOf(Array.from({ length: 500 }, (_, i) => [i, i, null, null, (i * 37) % 5000, 0]));
    const positions = Int32Array.from({ length: 500 }, (_, i) => i);
    sorter.hold(
      batch,
      positions,
      Float64Array.from(positions, (i) => (i * 37) % 5000),
      500,
      10,
    );
    if (barrier) sorter.flush();
    assert.equal(await sorter.count(), 500);
    sorter.release(2500, batchOf([]), NONE, NO_TIMES, 0);
    assert.ok((await sorter.count()) < 260);
    sorter.release(5000, batchOf([]), NONE, NO_TIMES, 0);
    assert.equal(await sorter.count(), 0);
  });
