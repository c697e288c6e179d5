import type { Job } from '../../engine/job/job.ts';
import { digitGroups } from './digit-groups.ts';

const FIRST_AFTER_MS = 1000;
const EVERY_MS = 250;

/** Whether the line of progress is on the terminal. */
let isShown = false;

/**
 * Removes the line of progress from the terminal. Call this before each output. Otherwise the
 * output is appended to this line.
 */
export function clearProgress(): void {
  if (!isShown) return;
  isShown = false;
  process.stderr.write('\r\u001b[K');
}

/**
 * Shows one line on a terminal for work that takes over a second: rows, rows/s, watermark, state.
 * Shows nothing when standard error is not a terminal.
 */
export function showProgress(jobs: () => readonly Job[]): () => void {
  if (!process.stderr.isTTY) return () => {};
  const startedAt = performance.now();
  let last = { at: startedAt, rows: 0 };
  const timer = setInterval(() => {
    const now = performance.now();
    if (now - startedAt < FIRST_AFTER_MS) return;
    const all = jobs().map((job) => job.metrics());
    const rows = all.reduce((sum, m) => sum + m.rowsIn, 0);
    const rate = ((rows - last.rows) / (now - last.at)) * 1000;
    last = { at: now, rows };
    const marks = all.flatMap((m) => m.watermark ?? []);
    const watermark =
      marks.length === 0 ? '–' : new Date(Math.min(...marks)).toISOString().slice(0, 19).replace('T', ' ');
    const state = all.reduce((sum, m) => sum + m.stateEntries, 0);
    const cache = all.reduce((sum, m) => sum + m.cacheBytes, 0) / 1048576;
    isShown = true;
    process.stderr.write(
      `\r\u001b[K${digitGroups(rows)} rows · ${digitGroups(Math.round(rate))} rows/s · watermark ${watermark} · state ${digitGroups(state)} entries, ${cache.toFixed(0)} MB`,
    );
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    clearProgress();
  };
}
