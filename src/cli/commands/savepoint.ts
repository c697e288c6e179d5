import { systemClock } from '../../core/clock.ts';
import type { SavepointRequest, SavepointStatus } from '../../service/savepoint-status.ts';
import { savepointText } from '../output/savepoint-text.ts';
import { say } from '../output/standard-streams.ts';
import { ServiceClient } from '../service-client.ts';
import { printReply, type ServiceCommandFlags } from '../service-flags.ts';

export type SavepointFlags = ServiceCommandFlags;

const LOOK_EVERY_MS = 100;

/**
 * Runs `sequitur savepoint take|stop`. Resolves when the savepoint is complete (0) or has failed
 * (1).
 */
export async function takeCommand(
  job: string,
  name: string | undefined,
  how: Pick<SavepointRequest, 'stop' | 'drain'>,
  flags: SavepointFlags,
): Promise<number> {
  const client = new ServiceClient(flags);
  let status = (await client.ask<SavepointStatus>('POST', pathOf(job), {
    ...(name === undefined ? {} : { name }),
    ...how,
  }))!;
  while (status.state === 'IN_PROGRESS') {
    await systemClock.sleep(LOOK_EVERY_MS);
    status = (await client.ask<SavepointStatus>('GET', pathOf(job, status.name)))!;
  }
  print(status, [status], flags);
  if (status.failure !== null) say(`error[${status.failure.code}]: ${status.failure.message}\n`);
  return status.state === 'COMPLETED' ? 0 : 1;
}

export async function listCommand(job: string, flags: SavepointFlags): Promise<number> {
  const list = (await new ServiceClient(flags).ask<{ savepoints: SavepointStatus[] }>('GET', pathOf(job)))!;
  print(list, list.savepoints, flags);
  return 0;
}

export async function deleteCommand(job: string, name: string, flags: SavepointFlags): Promise<number> {
  await new ServiceClient(flags).ask('DELETE', pathOf(job, name));
  printReply({ deleted: name }, `the savepoint ${name} of job ${job} is deleted\n`, flags);
  return 0;
}

function print(json: object, savepoints: readonly SavepointStatus[], flags: SavepointFlags): void {
  printReply(json, savepointText(savepoints), flags);
}

function pathOf(job: string, name?: string): string {
  const all = `/v1/jobs/${encodeURIComponent(job)}/savepoints`;
  return name === undefined ? all : `${all}/${encodeURIComponent(name)}`;
}
