import module from 'node:module';
import path from 'node:path';
import { MessageChannel, receiveMessageOnPort, SHARE_ENV, Worker } from 'node:worker_threads';
import type { OpenChannel } from '../engine/subtask/subtask-channel.ts';
import type { FromSubtask } from '../engine/subtask/subtask-messages.ts';

/** From sources the worker is a .ts file; in the build it is a .js file beside this one. */
const WORKER = new URL(`./subtask-worker${path.extname(new URL(import.meta.url).pathname)}`, import.meta.url);

/** The limit of a thread's young generation, which has three parts. */
const YOUNG_MB = 12;

/** Runs each subtask in a thread of its own. */
export const openThread: OpenChannel = (receive) => {
  const { port1: port, port2 } = new MessageChannel();
  const worker = new Worker(WORKER, {
    env: SHARE_ENV,
    workerData: { port: port2, caches: module.getCompileCacheDir() !== undefined },
    transferList: [port2],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  let crash: string | null = null;
  worker.on('error', (error) => {
    crash = error.message;
  });
  worker.on('exit', (code) => {
    poll();
    const message = `a thread of the job ended: ${crash ?? `exit code ${code}`}`;
    receive({ kind: 'ended', failure: { code: 'JOB_FAILED', message, details: {} } });
  });
  port.on('message', receive);
  /** A message that is read here causes no event. */
  function poll(): void {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      receive((next as { message: FromSubtask }).message);
    }
  }
  return {
    post: (message, transfer) => port.postMessage(message, transfer),
    poll,
    async end() {
      port.close();
      await worker.terminate();
    },
  };
};
