import { parentPort } from 'node:worker_threads';
import { verdictOf } from './seed-verdict.ts';
import { Crash } from './world.ts';

// A rejection in a dead process has no handler.
process.on('unhandledRejection', (reason) => {
  if (!(reason instanceof Crash)) throw reason;
});

parentPort!.on('message', async ({ seed, part }: { readonly seed: number; readonly part: string }) => {
  const { scenario, violation, happened } = await verdictOf(seed, part);
  parentPort!.postMessage({ seed, scenario, violation, happened });
});
