import fs from 'node:fs';
import os from 'node:os';

/** Of the 20 steps below the normal priority of a process. */
const LOWER_BY = 10;

/**
 * Lowers the priority of the calling thread, so that it delays neither HTTP replies nor jobs when
 * all cores are busy. Only Linux has priorities of threads. Elsewhere this call has no effect.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const thread = Number(fs.readlinkSync('/proc/thread-self').split('/').at(-1));
    os.setPriority(thread, Math.min(os.constants.priority.PRIORITY_LOW, os.getPriority(thread) + LOWER_BY));
  } catch {
    // Without /proc the thread keeps its priority.
  }
}
