import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { send } from '../../support/http-client.ts';

/**
 * The entry of a thread that sends health checks one after the other, each on a new connection,
 * like an orchestrator. It has a thread of its own, because the attacker's thread is busy.
 */
export interface Probe {
  readonly ms: number;
  /**
   * The part of this time during which the service's thread computed. The rest is the time during
   * which other threads and processes had the cores (Linux; elsewhere the same as `ms`).
   */
  readonly ownMs: number;
  readonly problem: string | null;
}

const { port, pid, times, pauseMs } = workerData as { port: number; pid: number; times: number; pauseMs: number };

/** Returns the milliseconds of CPU that the service's main thread has used. */
function busyMs(): number {
  return Number(fs.readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

const isLinux = process.platform === 'linux';
const probes: Probe[] = [];
for (let i = 0; i < times; i++) {
  const since = performance.now();
  const busy = isLinux ? busyMs() : 0;
  const problem = await send(port, 'GET', '/health').then(
    ({ status }) => (status === 200 ? null : `status ${status}`),
    (error: Error) => error.message,
  );
  const ms = performance.now() - since;
  probes.push({ ms, ownMs: isLinux ? Math.min(ms, busyMs() - busy) : ms, problem });
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
}
parentPort!.postMessage(probes);
