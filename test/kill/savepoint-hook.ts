/**
 * Loaded into the engine's process by the kill rounds: takes savepoints of running jobs at random
 * moments, and has jobs go back to one, by the calls that the service uses. It also slows the
 * sources down: jobs that use the whole processor leave their checkpoints so little of it that a
 * short run has only two.
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
  /** Shorter than usual, where a test waits for a lease to run out. */
  readonly lease?: { readonly renewEveryMs: number; readonly expiresMs: number };
}

/** Before each batch. */
const PACE_MS = 4;

/** Said by each job that is about to read. */
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
      // A job that ends or fails meanwhile takes none.
      job.savepoint(`s-${process.pid}-${count}`).catch(() => {});
      takeSavepoints(job, everyMs, count + 1);
    },
    2 * everyMs * Math.random(),
  );
  timer.unref();
}
