import { JOB_MEMORY_MIN } from '../config/job-settings.ts';
import { EngineError } from '../core/engine-error.ts';
import { megabytesText } from '../core/quantity.ts';

/**
 * A job's back end is sized for at most this when it is opened: what a share has beyond goes to its
 * cache, which can be made smaller when more jobs come.
 */
const OPENING_MAX = 64 * 1024 * 1024;

/**
 * The process's memory for state, shared out evenly over its active jobs. Their shares never exceed
 * the budget together.
 */
export class MemoryShares {
  readonly budgetBytes: number;

  constructor(budgetBytes: number) {
    this.budgetBytes = budgetBytes;
  }

  /** Refuses with the figures when `jobs` jobs would get too little each. */
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

  /** What a job is opened with. */
  opening(jobs: number): number {
    return Math.max(JOB_MEMORY_MIN, Math.min(OPENING_MAX, this.share(jobs)));
  }
}
