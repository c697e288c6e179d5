import { JOB_MEMORY_MIN } from '../config/job-settings.ts';
import { EngineError } from '../core/engine-error.ts';
import { megabytesText } from '../core/quantity.ts';

/**
 * Largest share for which a job's back end is sized. The rest of the share goes to its cache, which
 * can shrink when more jobs start.
 */
const OPENING_MAX = 64 * 1024 * 1024;

/**
 * The state memory of the process, divided equally among its active jobs. The sum of the shares
 * never exceeds the budget.
 */
export class MemoryShares {
  readonly budgetBytes: number;

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /** Throws an error with the figures if the share of each of `jobs` jobs would be too small. */
  check(jobs: number): void {
    const share = this.share(jobs);
    if (jobs === 0 || share >= JOB_MEMORY_MIN) return;
    throw new EngineError(
      'STATE_MEMORY',
      `state.memory is ${megabytesText(this.budgetBytes)}: with ${jobs} running job${jobs === 1 ? '' : 's'} each would get ${megabytesText(share)}, but a job needs ${megabytesText(JOB_MEMORY_MIN)}`,
      { memoryBytes: this.budgetBytes, jobs },
    );
  }

  share(jobs: number): number {
    return Math.floor(this.budgetBytes / Math.max(1, jobs));
  }

  /** Returns the memory with which a job is opened. */
  opening(jobs: number): number {
    return Math.max(JOB_MEMORY_MIN, Math.min(OPENING_MAX, this.share(jobs)));
  }
}
