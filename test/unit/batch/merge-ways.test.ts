import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Batch, type WatermarkMarks } from '../../../src/batch/batch.ts';
import { mergeWays } from '../../../src/batch/merge-ways.ts';
import { causedByMarks } from '../../../src/batch/origins.ts';
import { NumberVector } from '../../../src/batch/vector.ts';
import { INT } from '../../../src/core/data-type.ts';

const marks = (...list: readonly (readonly [position: number, watermark: number])[]): WatermarkMarks => ({
  count: list.length,
  positions: Int32Array.from(list, ([position]) => position),
  values: Float64Array.from(list, ([, watermark]) => watermark),
});
const batch = (values: readonly number[], selection: readonly number[] | null, marked: WatermarkMarks | null): Batch =>
  new Batch(
    values.length,
    [new NumberVector(Float64Array.from(values))],
    null,
    selection === null ? null : Int32Array.from(selection),
    undefined,
    marked,
  );
const valuesOf = (merged: Batch): unknown[] => Array.from({ length: merged.size }, (_, i) => merged.columns[0]!.get(i));
const pass = (_way: number, watermark: number): number => watermark;

it('merges the rows of two ways by their place in the source, the first way first', () => {
  const merged = mergeWays([[batch([1, 2, 3], [0, 2], null)], [batch([10, 20, 30], null, null)]], [INT], pass, false);
  assert.deepEqual(valuesOf(merged), [1, 10, 20, 3, 30]);
});

it('puts a watermark after the rows of its event in all ways', () => {
  let first = true;
  const second = (_way: number, watermark: number): number | null => {
    first = !first;
    return first ? watermark : null;
  };
  const ways = [[batch([1, 2], null, marks([1, 100]))], [batch([10, 20], null, marks([1, 100]))]];
  const merged = mergeWays(ways, [INT], second, false);
  assert.deepEqual(valuesOf(merged), [1, 10, 2, 20]);
  assert.equal(merged.marks!.count, 1);
  assert.equal(merged.marks!.positions[0], 2);
});

it('puts the result of a watermark where the watermark was', () => {
  const from = batch([1, 2, 3], null, marks([1, 100], [3, 300]));
  const results = causedByMarks(from, [batch([7, 8], null, marks([1, 100], [2, 300]))]);
  assert.deepEqual([...results[0]!.origins!.rows], [2, 6]);
  const merged = mergeWays([[from], results], [INT], pass, true);
  assert.deepEqual(valuesOf(merged), [1, 7, 2, 3, 8]);
  assert.deepEqual([...merged.origins!.rows], [1, 2, 3, 5, 6]);
});
