import type { WatermarkMarks } from '../../batch/batch.ts';

/**
 * Returns the watermark that applies to row `row`. It is the value of the last mark at or before
 * the row, or `before` if there is none.
 */
export function watermarkAt(marks: WatermarkMarks | null, row: number, before: number): number {
  if (marks === null) return before;
  let low = 0;
  let high = marks.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks.positions[middle]! <= row) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? before : marks.values[low - 1]!;
}

/**
 * Returns the index of the first mark, starting at `from`, whose watermark is at least `time`.
 * Returns `marks.count` if there is none, and 0 without marks. The values ascend, so the function
 * uses a binary search.
 */
export function firstMarkReaching(marks: WatermarkMarks | null, from: number, time: number): number {
  if (marks === null) return 0;
  let low = from;
  let high = marks.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (marks.values[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
