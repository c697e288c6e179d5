import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batch } from '../../../src/batch/batch.ts';
import { VectorBuilder } from '../../../src/batch/vector.ts';
import { EmptyColumns } from '../../../src/cli/empty-columns.ts';
import { INT } from '../../../src/core/data-type.ts';
import type { PollResult, Source } from '../../../src/engine/source.ts';
import type { ScanNode } from '../../../src/plan/nodes/scan.ts';

const node = {
  kind: 'scan',
  id: 0,
  table: 't',
  columns: ['a', 'b', 'c'].map((key) => ({ source: 'physical', key })),
} as unknown as ScanNode;

/** A source of one row. */
function sourceOf(...values: (number | null)[]): Source {
  const columns = values.map((value) => {
    const builder = new VectorBuilder(INT, 1);
    builder.set(0, value);
    return builder.finish();
  });
  const results: PollResult[] = [new Batch(1, columns), 'end'];
  const split = { id: '', poll: () => results.shift()!, position: () => 0, seek: () => {} };
  return { splits: () => [split], metrics: () => ({ malformed: 0, bytes: 0 }), close: () => {} } as Source;
}

test('a column with a value before a restart is not empty afterwards', () => {
  const columns = new EmptyColumns(node);
  for (const source of [sourceOf(1, null, null), sourceOf(null, 2, null)]) {
    const [split] = columns.watch(source).splits();
    while (split!.poll(10) !== 'end');
  }
  assert.deepEqual(columns.report(), ['table t: column `c` was NULL in all 2 rows; is there such a key?']);
});
