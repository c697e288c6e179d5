import { EngineError } from '../core/engine-error.ts';
import type { JobDetail, ServiceApi } from '../service/service-api.ts';

/**
 * Returns the job of a path, or throws JOB_NOT_FOUND. Accepts only ids that the service lists, so a
 * path of a request can never become part of a file name.
 */
export function jobOf(service: ServiceApi, id: string): JobDetail {
  const job = service.job(id);
  if (job === undefined || job.id !== id) {
    throw new EngineError('JOB_NOT_FOUND', `there is no job ${JSON.stringify(id)}`, { job: id });
  }
  return job;
}
