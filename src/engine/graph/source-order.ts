import { MAX_WATERMARK } from '../../batch/batch.ts';
import type { SourceTask } from './source-task.ts';

/**
 * The source whose turn it is: the lowest watermark, ties by plan order; null when all are at their
 * end.
 */
export function nextSource(tasks: readonly SourceTask[]): SourceTask | null {
  let next: SourceTask | null = null;
  for (const task of tasks) {
    if (task.watermark === MAX_WATERMARK) continue;
    if (next === null || task.watermark < next.watermark) next = task;
  }
  return next;
}

/**
 * The source whose turn it is, after all have been asked for rows. A source without rows holds its
 * turn for those with a higher watermark, so that the order depends on the data only; one without
 * event time has no place in that order.
 */
export async function readySource(tasks: readonly SourceTask[], maxRows: number): Promise<SourceTask | 'idle' | 'end'> {
  for (const task of tasks) {
    if (task.watermark === MAX_WATERMARK) continue;
    const wait = task.fill(maxRows);
    if (wait) await wait;
  }
  const next = nextSource(tasks);
  if (next === null) return 'end';
  if (next.ready) return next;
  const other = nextSource(tasks.filter((t) => t.ready));
  return other !== null && next.idle && !next.hasEventTime ? other : 'idle';
}

/**
 * How far a source may go before another one's turn comes: the lowest watermark of the others, and
 * whether it may also reach that.
 */
export function turnLimit(tasks: readonly SourceTask[], current: SourceTask): { limit: number; orEqual: boolean } {
  let limit = MAX_WATERMARK;
  let orEqual = true;
  let before = true;
  for (const task of tasks) {
    if (task === current) {
      before = false;
      continue;
    }
    if (task.watermark < limit) {
      limit = task.watermark;
      orEqual = !before;
    } else if (task.watermark === limit && before) orEqual = false;
  }
  return { limit, orEqual };
}
