import type { JobMetrics } from '../engine/job/job-metrics.ts';
import type { MemoryUse } from './memory-shares.ts';

/** A job stays busy for this time after its last row. */
const BUSY_MS = 5000;

/** The use of memory of one run of a job, from its metrics. */
export class ReportedMemory {
  #rowsIn = 0;
  #usedBytes = 0;
  #busyUntil = Number.NEGATIVE_INFINITY;

  report({ rowsIn, memory }: Pick<JobMetrics, 'rowsIn' | 'memory'>, now: number): void {
    if (rowsIn !== this.#rowsIn) this.#busyUntil = now + BUSY_MS;
    this.#rowsIn = rowsIn;
    this.#usedBytes = memory.entryBytes + memory.keysOnDiskBytes + memory.backendBytes;
  }

  now(now: number): MemoryUse {
    return { busy: now < this.#busyUntil, usedBytes: this.#usedBytes };
  }
}
