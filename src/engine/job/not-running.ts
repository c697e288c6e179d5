import { EngineError } from '../../core/engine-error.ts';

export function notRunning(job: string): EngineError {
  return new EngineError('JOB_NOT_RUNNING', `the job ${job} does not run`, { job });
}
