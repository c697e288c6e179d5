import type { JobLog } from '../../service/job-logs.ts';
import type { JobSummary } from '../../service/service-api.ts';
import { jobLogText, jobsText } from '../output/jobs-text.ts';
import { say } from '../output/standard-streams.ts';
import { ServiceClient } from '../service-client.ts';
import { printReply, type ServiceCommandFlags } from '../service-flags.ts';
import { takeCommand } from './savepoint.ts';

/** Runs `sequitur jobs`. */
export async function jobsCommand(flags: ServiceCommandFlags): Promise<number> {
  const list = (await new ServiceClient(flags).ask<{ jobs: JobSummary[] }>('GET', '/v1/jobs'))!;
  printReply(list, jobsText(list.jobs), flags);
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
  const summary = await post(job, 'stop', flags);
  printReply(summary, `job ${job} is stopped; its state is ${summary.state}\n`, flags);
  return 0;
}

/**
 * Runs `sequitur start` and `sequitur savepoint restore`. Resolves with 1 if the job could not
 * start.
 */
export async function startCommand(
  job: string,
  flags: ServiceCommandFlags & { readonly savepoint?: string },
): Promise<number> {
  const { savepoint } = flags;
  const summary = await post(job, 'start', flags, savepoint === undefined ? undefined : { savepoint });
  const { state, failure } = summary;
  if (state === 'RUNNING' || state === 'FINISHED') {
    const from = savepoint === undefined ? '' : ` from the savepoint ${savepoint}`;
    printReply(summary, `job ${job} is started${from}; its state is ${state}\n`, flags);
    return 0;
  }
  printReply(summary, '', flags);
  const code = failure?.code ?? 'JOB_NOT_RUNNING';
  say(`error[${code}]: ${failure?.message ?? `the job ${job} is ${state}`}\n`);
  return 1;
}

/** Runs `sequitur logs`. */
export async function logsCommand(job: string, flags: ServiceCommandFlags): Promise<number> {
  const log = (await new ServiceClient(flags).ask<JobLog>('GET', `/v1/jobs/${encodeURIComponent(job)}/log`))!;
  printReply(log, jobLogText(log), flags);
  return 0;
}

async function post(
  job: string,
  what: 'start' | 'stop',
  flags: ServiceCommandFlags,
  body?: object,
): Promise<JobSummary> {
  const path = `/v1/jobs/${encodeURIComponent(job)}/${what}`;
  return (await new ServiceClient(flags).ask<JobSummary>('POST', path, body))!;
}
