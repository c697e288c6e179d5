import { Batch } from '../../batch/batch.ts';

/**
 * Returns the physical rows `from` to `to - 1` of a batch, and the marks from `firstMark` on with
 * positions up to `to`. Positions remain physical.
 */
export function sliceRows(batch: Batch, from: number, to: number, firstMark = 0): Batch {
  const { selection, selected, marks } = batch;
  const rows = new Int32Array(to - from);
  let count = 0;
  if (selection === null) for (let row = from; row < to; row++) rows[count++] = row;
  else
    for (let i = 0; i < selected; i++) if (selection[i]! >= from && selection[i]! < to) rows[count++] = selection[i]!;
  let part: Batch['marks'] = null;
  if (marks !== null) {
    let last = firstMark;
    while (last < marks.count && marks.positions[last]! <= to) last++;
    if (last > firstMark) {
      part = {
        count: last - firstMark,
        positions: marks.positions.subarray(firstMark, last),
        values: marks.values.subarray(firstMark, last),
      };
    }
  }
  return new Batch(batch.size, batch.columns, batch.kinds, rows, count, part);
}

/** Returns the number of selected rows at or after the physical row `from`. */
export function selectedFrom({ selection, selected }: Batch, from: number): number {
  if (from === 0) return selected;
  if (selection === null) return Math.max(0, selected - from);
  let count = 0;
  for (let i = 0; i < selected; i++) if (selection[i]! >= from) count++;
  return count;
}
