import type { Clock } from '../core/clock.ts';
import { EngineError } from '../core/engine-error.ts';
import type { Job } from '../engine/job/job.ts';
import type { JobResult } from '../engine/job/job-options.ts';
import type { RestartStrategy } from '../service/restart-strategy.ts';

export interface RestartSurroundings {
  readonly clock: Clock;
  /** Aborted: the job must not be restarted. */
  readonly stopping: AbortSignal;
  /** Opens the job. `again`: the job has run before, and continues from its newest checkpoint. */
  open(again: boolean): Promise<Job>;
  /** Called with the job that runs from now on. */
  onOpened(job: Job): void;
  onFailure(error: unknown, delayMs: number): void;
}

/**
 * Runs a job. Restarts the job after failures according to its strategy. Rejects with the last
 * failure.
 */
export async function runWithRestarts(strategy: RestartStrategy, around: RestartSurroundings): Promise<JobResult> {
  const { clock, stopping } = around;
  let ran = false;
  for (;;) {
    try {
      const job = await around.open(ran);
      ran = true;
      around.onOpened(job);
      return await job.run();
    } catch (error) {
      const code = error instanceof EngineError ? error.code : 'JOB_FAILED';
      const delay = stopping.aborted ? null : strategy.next(code, clock.monotonicMs());
      if (delay === null) throw error;
      around.onFailure(error, delay);
      await clock.sleep(delay, stopping);
      if (stopping.aborted) throw error;
    }
  }
}
