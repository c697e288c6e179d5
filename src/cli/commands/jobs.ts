import type { JobLog } from '../../service/job-logs.ts';
import type { JobSummary } from '../../service/service-api.ts';
import { jobLogText, jobsText } from '../output/jobs-text.ts';
import { ServiceClient } from '../service-client.ts';
import { type ServiceCommandFlags, say } from '../service-flags.ts';
import { restoreCommand, takeCommand } from './savepoint.ts';

/** Runs `sequitur jobs`. */
export async function jobsCommand(flags: ServiceCommandFlags): Promise<number> {
  const list = (await new ServiceClient(flags).ask<{ jobs: JobSummary[] }>('GET', '/v1/jobs'))!;
  say(list, jobsText(list.jobs), flags);
  return 0;
}

/** Runs `sequitur stop`. Resolves when the job has ended. */
export async function stopCommand(
  job: string,
  flags: ServiceCommandFlags & { readonly savepoint?: string | true; readonly drain?: boolean },
): Promise<number> {
  const { savepoint, drain = false } = flags;
  if (savepoint !== undefined || drain) {
    const name = typeof savepoint === 'string' ? savepoint : undefined;
    return takeCommand(job, name, { stop: true, drain }, flags);
  }
  return ask(job, 'stop', 'stopped', flags);
}

/** Runs `sequitur start`. Resolves with 1 if the job could not start. */
export async function startCommand(
  job: string,
  flags: ServiceCommandFlags & { readonly savepoint?: string },
): Promise<number> {
  return flags.savepoint === undefined
    ? ask(job, 'start', 'started', flags)
    : restoreCommand(job, flags.savepoint, flags);
}

/** Runs `sequitur logs`. */
export async function logsCommand(job: string, flags: ServiceCommandFlags): Promise<number> {
  const log = (await new ServiceClient(flags).ask<JobLog>('GET', `/v1/jobs/${encodeURIComponent(job)}/log`))!;
  say(log, jobLogText(log), flags);
  return 0;
}

async function ask(job: string, what: 'start' | 'stop', past: string, flags: ServiceCommandFlags): Promise<number> {
  const path = `/v1/jobs/${encodeURIComponent(job)}/${what}`;
  const summary = (await new ServiceClient(flags).ask<JobSummary>('POST', path))!;
  const failed = what === 'start' && summary.state !== 'RUNNING' && summary.state !== 'FINISHED';
  say(summary, failed ? '' : `job ${job} is ${past}; its state is ${summary.state}\n`, flags);
  if (!failed) return 0;
  const { failure, state } = summary;
  process.stderr.write(
    failure === null
      ? `error[JOB_NOT_RUNNING]: the job ${job} is ${state}\n`
      : `error[${failure.code}]: ${failure.message}\n`,
  );
  return 1;
}
