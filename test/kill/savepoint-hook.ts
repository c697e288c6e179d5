/**
 * The kill rounds load this into the engine's process. It takes savepoints of running jobs at
 * random moments, and sets jobs back to one, by the calls that the service uses. It also slows the
 * sources down. Otherwise the jobs would use the whole processor, and a short run would have only
 * two checkpoints.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Job as JobClass } from '../../src/engine/job/job.ts';
import type { LEASE_TIMES as LeaseTimes } from '../../src/storage/remote/job-lease.ts';

export interface HookOrders {
  readonly jobModule: string;
  readonly leaseModule: string;
  /** Mean time between savepoints; null: none. */
  readonly savepointEveryMs: number | null;
  /** The checkpoint to go back to, by job. */
  readonly restore: Readonly<Record<string, number>>;
  /** A shorter lease than usual, for tests that wait for a lease to expire. */
  readonly lease?: { readonly renewEveryMs: number; readonly expiresMs: number };
}

/** Before each batch. */
const PACE_MS = 4;

/** The message that each job sends when it starts to read. */
const OPENED = 'kill hook: a job is open\n';

const orders = JSON.parse(process.env['SEQUITUR_KILL_HOOK']!) as HookOrders;
const load = async (module: string): Promise<unknown> => import(pathToFileURL(module).href);
const { Job } = (await load(orders.jobModule)) as { Job: typeof JobClass };
const open = Job.open;
Job.open = async (setup) => {
  const epoch = orders.restore[setup.id ?? setup.plan.name];
  const { checkpoints = null } = setup;
  const job = await open.call(
    Job,
    epoch === undefined || checkpoints === null
      ? setup
      : { ...setup, checkpoints: { ...checkpoints, restore: { epoch } } },
  );
  for (const source of job.graph.sources) {
    const fill = source.fill.bind(source);
    source.fill = async (rows) => {
      await sleep(PACE_MS);
      await fill(rows);
    };
  }
  process.stderr.write(OPENED);
  if (orders.savepointEveryMs !== null) takeSavepoints(job, orders.savepointEveryMs);
  return job;
};
if (orders.lease !== undefined) {
  const { LEASE_TIMES } = (await load(orders.leaseModule)) as { LEASE_TIMES: typeof LeaseTimes };
  Object.assign(LEASE_TIMES, orders.lease);
}

function takeSavepoints(job: JobClass, everyMs: number, count = 0): void {
  const timer = setTimeout(
    () => {
      // A job that ends or fails meanwhile takes no savepoint.
      job.savepoint(`s-${process.pid}-${count}`).catch(() => {});
      takeSavepoints(job, everyMs, count + 1);
    },
    2 * everyMs * Math.random(),
  );
  timer.unref();
}
